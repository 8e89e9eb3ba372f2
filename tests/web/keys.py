"""A person who has a keyboard and nothing else; counts what they do."""

from playwright.async_api import Page


class Keys:
    """A group is what is typed into one field with the key that leaves it, or one key alone."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.groups = 0

    async def put(self, text: str) -> None:
        """Into the field that has the focus, and on to the next."""
        self.groups += 1
        await self._page.keyboard.insert_text(text)
        await self._page.keyboard.press("Enter")

    async def choose(self, figure: str) -> None:
        """The option of that number where the focus is, and on to the next."""
        self.groups += 1
        await self._page.keyboard.press(figure)
        await self._page.keyboard.press("Enter")

    async def press(self, key: str) -> None:
        self.groups += 1
        await self._page.keyboard.press(key)

    async def at(self) -> str:
        """Name of the field that has the focus."""
        name: str = await self._page.evaluate("document.activeElement.name || document.activeElement.id || ''")
        return name


POINTER_EVENTS = """
window.pointed = 0;
for (const name of ["pointerdown", "mousedown", "touchstart"]) {
  document.addEventListener(name, () => { window.pointed += 1; }, true);
}
"""
