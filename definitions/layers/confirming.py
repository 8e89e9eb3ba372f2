"""A place says that what was only assumed is so there: the text of the place takes the place of the assumption."""

from collections.abc import Sequence

from definitions.layers.paths import NotThereError, changed
from definitions.layers.tree import LayerNode
from onething.domain.definition.basis import ASSUMED


def confirmed(tree: LayerNode, path: Sequence[str], basis: LayerNode) -> LayerNode | None:
    """None where nothing at the path is assumed. Raises NotThereError."""
    known = tree.parts.get("bases")
    bases = known.parts if known else {}
    found = False

    def change(part: LayerNode | None) -> LayerNode | None:
        nonlocal found
        if part is None:
            raise NotThereError(path[-1], ())
        if list(path) == ["basis"]:
            after = _cited(part)
        elif part.elements:
            after = LayerNode([_with_basis(one) for one in part.elements], part.place)
        else:
            after = _with_basis(part)
        found = found or (after is not part and after.plain() != part.plain())
        return after

    def _with_basis(part: LayerNode) -> LayerNode:
        return part.having(basis=_cited(part.parts["basis"])) if "basis" in part.parts else part

    def _cited(written: LayerNode) -> LayerNode:
        if not written.elements:
            return basis if _is_assumed(written) else written
        kept = [one for one in written.elements if not _is_assumed(one)]
        return written if len(kept) == len(written.elements) else LayerNode([*kept, *_each(basis)], written.place)

    def _is_assumed(written: LayerNode) -> bool:
        named = bases.get(written.value) if isinstance(written.value, str) else written
        return written.value == ASSUMED or (
            named is not None and "assumed" in named.parts and named.parts["assumed"].value is True
        )

    after = changed(tree, path, change)
    return after if found else None


def _each(basis: LayerNode) -> Sequence[LayerNode]:
    return basis.elements or (basis,)
