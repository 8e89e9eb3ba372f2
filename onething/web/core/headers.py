"""Headers of pages: nothing comes from elsewhere, nothing runs that is not a file of ours, nothing is kept."""

from collections.abc import Mapping
from types import MappingProxyType

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        # without one, forms say `Origin: null`, and older browsers have nothing else to show where they come from
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Vary": "Cookie, HX-Request, HX-Target",
    }
)
_AT_A_COUNTER = "/counter"
_OURS = "connect-src 'self'"


def page_headers(path: str, devices: str | None) -> dict[str, str]:
    """`devices`: origin of the service of a counter's devices, to which the counter's pages alone may speak."""
    if devices is None or not (path == _AT_A_COUNTER or path.startswith(f"{_AT_A_COUNTER}/")):
        return dict(PAGE)
    return {**PAGE, "Content-Security-Policy": POLICY.replace(_OURS, f"{_OURS} {devices}")}


ASSET: Mapping[str, str] = MappingProxyType({"Cache-Control": "public, max-age=31536000, immutable"})
"""Of what has its digest in its address."""
FILE: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
)
"""Of what somebody sent us, or that is written for one reader."""
