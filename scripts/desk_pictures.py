"""Take the README's pictures of the desk: python scripts/desk_pictures.py DEMO.JSON FOLDER, while
that demo is served at the address its file tells."""

from __future__ import annotations

import base64
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
LAPTOP, PHONE = (1366, 768), (390, 844)
MOST_BYTES = 200_000
READ_PIXELS = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const on = canvas.getContext("2d");
  on.drawImage(picture, 0, 0);
  const { data } = on.getImageData(0, 0, picture.width, picture.height);
  let text = "";
  for (let at = 0; at < data.length; at += 32768) {
    text += String.fromCharCode(...data.subarray(at, at + 32768));
  }
  return btoa(text);
}"""


def main(told: Path, folder: Path) -> None:
    facts = json.loads(told.read_text(encoding="utf-8"))
    passwords = {one["username"]: one["password"] for one in facts["users"]}
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)

        def page_of(username: str, size: tuple[int, int]) -> Page:
            return signed_in(browser, facts["url"], username, passwords[username], size)

        leader = page_of("xianzhang", LAPTOP)
        leader.goto("/board/")
        take(leader, folder / "desk-board.png")
        leader.get_by_role("link", name="一般公共预算收入").first.click()
        leader.get_by_role("link", name="为什么是这个数").click()
        leader.locator("#drawer dl.source").first.wait_for()
        take(leader, folder / "desk-indicator.png")
        clerk = page_of("yunling", LAPTOP)
        clerk.goto("/intake/2023-05/township_monthly/yunling/")
        take(clerk, folder / "desk-return.png")
        phone = page_of("xianzhang", PHONE)
        phone.goto("/board/")
        take(phone, folder / "desk-phone.png")
        browser.close()


def signed_in(
    browser: Browser, url: str, username: str, password: str, size: tuple[int, int]
) -> Page:
    width, height = size
    viewport = {"width": width, "height": height}
    page = browser.new_context(base_url=url, locale="zh-CN", viewport=viewport).new_page()
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("主导航").wait_for()
    return page


def take(page: Page, path: Path) -> None:
    page.wait_for_load_state("networkidle")
    shot = page.screenshot(animations="disabled")
    viewport = page.viewport_size
    assert viewport is not None
    content = small_png(pixels_of(page, shot), viewport["width"], viewport["height"])
    if len(content) > MOST_BYTES:
        raise SystemExit(f"{path} would have {len(content)} bytes, more than {MOST_BYTES}")
    path.write_bytes(content)


def pixels_of(page: Page, png: bytes) -> np.ndarray:
    """The browser reads its own picture: red, green, blue of each pixel, row by row."""
    told = page.context.new_page().evaluate(READ_PIXELS, base64.b64encode(png).decode())
    return np.frombuffer(base64.b64decode(told), dtype=np.uint8).reshape(-1, 4)[:, :3]


def small_png(pixels: np.ndarray, width: int, height: int) -> bytes:
    """With the 256 commonest colours; the others, of soft edges of letters, go to the nearest."""
    colours, which, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-counts)[:256]]
    apart = colours[:, None, :].astype(int) - palette[None, :, :]
    nearest = (apart**2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    rows = nearest[which.reshape(height, width)]
    lines = np.insert(rows, 0, 0, axis=1).tobytes()
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    told = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
