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
