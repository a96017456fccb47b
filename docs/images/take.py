"""Takes the pictures of the docs anew, from a demo site that is running.

    STEPWELL_DATA=/tmp/pictures bin/serve --demo --port 8777
    .venv/bin/python docs/images/take.py http://127.0.0.1:8777

Start from an empty data folder: the pictures show the demo learner as the demo leaves her.
Needs the dev requirements (`bin/venv dev`) and Chromium.
"""

import base64
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
EMAIL, PASSWORD = "learner@example.org", "stepwell-demo"  # of the demo academy
COURSE = "/courses/git-without-fear/"
LESSON = COURSE + "lessons/undo-four-ways/"
DESK = (1280, 860)
PHONE = (390, 844)

# Chromium itself writes WebP, a third of the size of its PNG.
TO_WEBP = """async (png) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", 0.86).split(",")[1];
}"""


@dataclass(frozen=True)
class Picture:
    name: str
    path: str
    size: tuple[int, int] = DESK
    scheme: Literal["light", "dark"] = "light"
    scale: float = 1.5


PICTURES = (
    Picture("my-learning", "/learn/"),
    Picture("lesson", LESSON),
    Picture("course", COURSE),
    Picture("catalog-dark", "/courses/", scheme="dark"),
    Picture("lesson-phone", LESSON, size=PHONE, scale=2),
)


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/learn/")


def take(browser: Browser, site: str, picture: Picture) -> None:
    context = browser.new_context(
        base_url=site,
        viewport={"width": picture.size[0], "height": picture.size[1]},
        device_scale_factor=picture.scale,
        color_scheme=picture.scheme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    sign_in(page)
    page.goto(picture.path, wait_until="networkidle")
    png = page.screenshot()
    # An empty page, because the site's own policy lets no script in.
    page.goto("about:blank")
    webp = page.evaluate(TO_WEBP, base64.b64encode(png).decode())
    (HERE / f"{picture.name}.webp").write_bytes(base64.b64decode(webp))
    context.close()


def main(site: str) -> None:
    chromium = os.environ.get("STEPWELL_TEST_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        for picture in PICTURES:
            take(browser, site, picture)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
