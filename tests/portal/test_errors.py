import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation
from redis.exceptions import ConnectionError

from portal.errors import server_error


def answer_to(fault: Exception, request: HttpRequest) -> HttpResponse:
    try:
        raise fault
    except Exception:
        return server_error(request)


# None of these tests may touch the database: pytest-django refuses the connection.


def test_server_error_apologises_without_database_or_code(rf: RequestFactory) -> None:
    with translation.override("zh-hans"):
        response = answer_to(ZeroDivisionError(), rf.get("/"))

    assert response.status_code == 500
    page = response.content.decode()
    assert "抱歉，服务出现问题" in page
    assert "500" not in page


@pytest.mark.parametrize("fault", [OperationalError("connection refused"), ConnectionError("Error 111 connecting")])
def test_server_error_says_unavailable_while_database_or_cache_is_away(rf: RequestFactory, fault: Exception) -> None:
    with translation.override("zh-hans"):
        response = answer_to(fault, rf.get("/"))

    assert response.status_code == 503
    assert response["Retry-After"] == "120"
    assert "抱歉，服务暂时不可用" in response.content.decode()


@override_settings(SITE={"hotline": "0317-1234567", "hours": "8:30–17:30"})
@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "500.html", "503.html"])
def test_plain_page_renders_without_request_and_names_the_help_line(template: str) -> None:
    with translation.override("zh-hans"):
        page = render_to_string(template)

    assert "0317-1234567（8:30–17:30）" in page
