"""Photos for the demonstration: drawn, so that nobody is in them."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw

# One inch at 300 dots per inch and a little more, in the proportions of the box on a form.
SIZE = (400, 560)
BACKGROUND, SKIN, LIPS = "#ffffff", "#f0cfae", "#b5705c"
HAIR = ("#1f1a17", "#2d2320", "#3b2a20")
CLOTHES = ("#22324a", "#3f3f46", "#5b2c3a", "#2f4a3c")


@cache
def portrait(*, female: bool, variant: int) -> bytes:
    image = Image.new("RGB", SIZE, BACKGROUND)
    draw = ImageDraw.Draw(image)
    hair, clothes = HAIR[variant % len(HAIR)], CLOTHES[variant % len(CLOTHES)]
    if female:
        draw.rounded_rectangle((98, 120, 302, 430), 90, fill=hair)
    draw.rounded_rectangle((30, 420, 370, 700), 110, fill=clothes)
    draw.polygon([(150, 420), (250, 420), (200, 520)], fill="white")
    draw.rectangle((165, 340, 235, 430), fill=SKIN)
    draw.ellipse((112, 130, 288, 380), fill=SKIN)
    draw.chord((106, 105, 294, 330), 180, 360, fill=hair)
    for left in (150, 226):
        draw.ellipse((left, 250, left + 24, 264), fill="white")
        draw.ellipse((left + 7, 250, left + 19, 264), fill=hair)
        draw.arc((left - 6, 226, left + 30, 256), 200, 340, fill=hair, width=4)
    draw.line((200, 268, 194, 304, 206, 304), fill=LIPS, width=3)
    draw.arc((172, 310, 228, 342), 20, 160, fill=LIPS, width=5)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=88)
    return target.getvalue()
