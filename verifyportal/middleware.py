"""What is true of every request and every answer."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

Handler = Callable[[HttpRequest], HttpResponse]

CLIENT_HINTS = "Sec-CH-UA-Model, Sec-CH-UA-Platform, Sec-CH-UA-Platform-Version"  # Chrome on Android names its model nowhere else
PERMISSIONS = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


def client_address(handler: Handler) -> Handler:
    """Put the user's address into REMOTE_ADDR when trusted proxies stand before us; what others write into the header is ignored."""

    def middleware(request: HttpRequest) -> HttpResponse:
        proxies = settings.TRUSTED_PROXIES
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if proxies and len(chain) >= proxies and _is_address(chain[-proxies]):
            request.META["REMOTE_ADDR"] = chain[-proxies]
        return handler(request)

    return middleware


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def answer_headers(handler: Handler) -> Handler:
    """Allow the camera to our own pages alone, and ask browsers for the device's model."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = handler(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Accept-CH", CLIENT_HINTS)
        return response

    return middleware


class CompressedPages(GZipMiddleware):
    """Compress pages and what scripts read, with the padding by which Django hides their length.

    Pictures are compressed already (but not as the text that JSON makes of them), and streams must flow.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(("text/html", "application/json")):
            return response
        return super().process_response(request, response)
