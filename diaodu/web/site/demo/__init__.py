"""The demo county's desk: history in, people at their places, the returns for May half-way."""
