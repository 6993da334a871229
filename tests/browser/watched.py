"""A page that is watched for all that a page of one file must not do."""

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request


class Watched:
    """What a page did that it must not: errors, questions that a script asks, requests for anything but itself."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        self.faults.append(f"{message.type}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not (request.is_navigation_request() and request.url.startswith("file:")):
            self.faults.append(f"request: {request.url}")
