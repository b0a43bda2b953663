"""Turn screenshots of the browser run into the small pictures of the README (`make pictures`)."""

from pathlib import Path

from PIL import Image

TOP = Path(__file__).parents[2]
CHOSEN = ["home-1366-light", "workbench-1366-light", "regulation-1366-light", "lesson-390-light", "search-390-dark"]
HEIGHT = {"1366": 860, "390": 844}


def main() -> None:
    target = TOP / "docs" / "screens"
    target.mkdir(exist_ok=True)
    for name in CHOSEN:
        picture = Image.open(TOP / "var" / "screens" / f"{name}.png").convert("RGB")
        width = name.split("-")[1]
        picture = picture.crop((0, 0, picture.width, min(picture.height, HEIGHT[width])))
        picture.save(target / f"{name}.webp", quality=80)


if __name__ == "__main__":
    main()
