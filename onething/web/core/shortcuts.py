"""What keys do on the pages of who works here. `single`: a key by itself, which may be switched off (WCAG 2.1.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from onething.web.core.audience import Audience


@dataclass(frozen=True)
class Shortcut:
    keys: str
    words: str
    single: bool = True


_EVERYWHERE = (Shortcut("?", "看快捷键"),)
SHORTCUTS: Mapping[Audience, tuple[Shortcut, ...]] = MappingProxyType(
    {
        Audience.WORK: (
            *_EVERYWHERE,
            Shortcut("j", "待办：下一行"),
            Shortcut("k", "待办：上一行"),
            Shortcut("Enter", "待办：打开这一行", single=False),
            Shortcut("x", "待办：勾选这一行"),
            Shortcut("c", "待办：认领这一行"),
            Shortcut("/", "待办：到筛选"),
            Shortcut("g 然后 q", "回到待办，原来的筛选和那一行"),
            Shortcut("Ctrl+Enter", "提交正在填的表单", single=False),
        ),
        Audience.COUNTER: (
            *_EVERYWHERE,
            Shortcut("F2", "到扫描框", single=False),
            Shortcut("F3", "读卡（接有读卡器时）", single=False),
            Shortcut("F4", "到下一部分", single=False),
            Shortcut("F8", "到下一处有误", single=False),
            Shortcut("Enter", "到下一格，不提交", single=False),
            Shortcut("1 到 9", "在单选、下拉上：选第几项", single=False),
            Shortcut("Ctrl+Enter", "这一页的主要按钮", single=False),
            Shortcut("p", "打印"),
            Shortcut("n", "收下一件"),
        ),
        Audience.SUPERVISE: _EVERYWHERE,
        Audience.ADMIN: (*_EVERYWHERE, Shortcut("p", "打印确认页")),
        Audience.AUDIT: _EVERYWHERE,
    }
)
"""Of whom no keys are listed, none act."""
