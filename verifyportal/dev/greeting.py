"""What the terminal says once the portal is ready."""

import io
from pathlib import Path
from typing import Any

import qrcode

ROLE_WIDTH, MAIL_WIDTH = 12, 34


def text(address: str, access: dict[str, Any], *, seconds: float, home: Path, authority: Path | None) -> str:
    """Return the address, the logins, one ready link and, on a network, how a phone gets there."""
    lines = ["", f"VerifyPortal is ready after {seconds:.1f} s:  {address}/", ""]
    for login in access["logins"]:
        lines.append(
            f"  {login['role'].capitalize():{ROLE_WIDTH}} {login['email']:{MAIL_WIDTH}} {login['password']:16} {login.get('company') or ''}"
        )
    if access["link"]:
        lines += ["", f"  Verify somebody:  {access['link']}", f"  Documents to try: {home / 'demo'}"]
    if authority and access["link"]:
        lines += ["", *_code(access["link"])]
        lines += [f"  A phone on this network scans the code. It warns once about the certificate; or install {authority} on it first."]
    return "\n".join([*lines, "", f"  Logs: {home / 'log'}    Stop: Ctrl-C", ""])


def _code(link: str) -> list[str]:
    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(link)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    return drawn.getvalue().splitlines()
