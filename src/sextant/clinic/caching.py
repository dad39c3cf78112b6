"""Nothing of a patient stays in a browser's cache: on a shared tablet, Back after signing out must show nothing."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def keep_nothing(next_layer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every page but the static files says that it may not be stored."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = next_layer(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response

    return answered
