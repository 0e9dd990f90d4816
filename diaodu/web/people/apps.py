"""The room's entry in Django."""

from django.apps import AppConfig
from django.urls import reverse

from diaodu.engine.ground.words import LEVEL_NAMES
from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named
from diaodu.web.shared.roles import ROLES


class PeopleConfig(AppConfig):
    name = "diaodu.web.people"
    label = "people"
    verbose_name = "单位与人员"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    acts = {
        "people.sync_orgs": "按规则更新单位",
        "people.save_org": "增加或改动单位",
        "people.save_user": "增加或改动人员",
        "people.set_active": "停用或启用账号",
        "people.grant": "授予角色",
        "people.change_grant": "改动角色",
        "people.revoke": "收回角色",
        "people.make_link": "给出设密码的链接",
        "people.use_link": "用链接设密码",
        "people.change_password": "修改密码",
        "people.second_step_on": "开通两步验证",
        "people.second_step_off": "关闭两步验证",
        "people.recovery_codes": "生成恢复码",
        "people.remove_second_step": "解除两步验证",
    }
    things = {"people.Org": "单位", "people.User": "人员"}
    keys = {
        "name": "名称", "level": "层级", "parent_id": "上级单位", "aliases": "别名",
        "codes": "代码", "groups": "分组", "opened": "设立日期", "closed": "撤销日期",
        "order": "排列次序", "username": "用户名", "post": "职务", "phone": "电话",
        "email": "邮箱",
        "active": "启用", "role": "角色", "org": "单位", "indicators": "指标",
        "early": "发布前可看", "since": "起", "until": "止",
    }  # fmt: skip

    compound = ("org",)
    values = {"role": ROLES, "level": LEVEL_NAMES}

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        """For the pages of the audit chain (shared/acts.py)."""
        from diaodu.web.people import queries

        called = queries.names() if thing == "people.Org" else queries.user_names(ids)
        page = "people:org" if thing == "people.Org" else "people:user"
        may = access.may("people")
        return {
            id: Named(called[id], reverse(page, args=[id]) if may else "")
            for id in ids & called.keys()
        }

    def ready(self) -> None:
        from diaodu.web.people import actions  # noqa: F401 - its receivers connect
