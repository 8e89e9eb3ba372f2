"""What the command line says about a command that was mistyped, in Chinese; typer has no other way to set it."""

import re

_WORDS = (
    (r"Missing argument '(.+?)'\.?.*", r"缺少“\1”。"),
    (r"Missing option '(.+?)'\.?.*", r"缺少 \1。"),
    (r"Missing command\.", "缺少子命令。"),
    (r"No such command '(.+?)'\.", r"没有命令“\1”。"),
    (r"No such option: (\S+)", r"没有选项 \1。"),
    (r"Did you mean (.+?)\?", r"是否想写 \1？"),
    (r"\(Possible options: (.+?)\)", r"是否想写 \1？"),
    (r"Option '(.+?)' requires (?:an argument|\d+ arguments)\.", r"\1 后面要写值。"),
    (r"Option '(.+?)' does not take a value\.", r"\1 后面不写值。"),
    (r"Got unexpected extra argument(?:\(s\)|s)? \((.+?)\)", r"多写了：\1。"),
    (r"Input should be less than or equal to (\S+)", r"不能大于 \1。"),
    (r"Input should be greater than or equal to (\S+)", r"不能小于 \1。"),
    (r"Input should be a valid integer.*", "须是整数。"),
    (r"(?i)(?:directory|dir|path|file) '(.+?)' does not exist\.", r"“\1”不存在。"),
    (r"(?i)(?:directory|dir) '(.+?)' is a file\.", r"“\1”不是目录。"),
    (r"Value error, no case has such a number", "应是提交时给出的一串数字。"),
    (r"Invalid value for (.+?): ", r"\1 写得不对："),
)


def in_chinese(message: str) -> str:
    """The message as far as its words are known; the rest is left as it is."""
    for english, chinese in _WORDS:
        message = re.sub(english, chinese, message, flags=re.DOTALL if "Missing" in english else 0)
    return message
