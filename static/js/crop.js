// The photo form: the chosen picture with a frame over it, moved by the slides, by dragging or by the arrow keys.
const RATIO = 358 / 441;

const form = document.querySelector("form[data-crop]");

if (form) {
  const file = form.querySelector("input[type=file]");
  const stage = form.querySelector("[data-crop-stage]");
  const canvas = stage.querySelector("canvas");
  const slide = (name) => form.querySelector(`input[name=${name}]`);
  const value = (name) => Number(slide(name).value);
  let picture = null;

  const part = () => {
    const { width, height } = canvas;
    const scale = Math.min(width / RATIO, height) * (value("size") / 100);
    const wide = scale * RATIO;
    return { wide, high: scale, x: ((width - wide) * value("left")) / 100, y: ((height - scale) * value("top")) / 100 };
  };

  const draw = () => {
    if (!picture) return;
    const pen = canvas.getContext("2d");
    const { x, y, wide, high } = part();
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    pen.fillStyle = "rgba(0, 0, 0, 0.55)";
    pen.beginPath();
    pen.rect(0, 0, canvas.width, canvas.height);
    pen.rect(x, y, wide, high);
    pen.fill("evenodd");
    pen.strokeStyle = "#fff";
    pen.lineWidth = 3;
    pen.strokeRect(x, y, wide, high);
  };

  const move = (name, by) => {
    slide(name).value = String(value(name) + by);
    draw();
  };

  const show = async () => {
    picture = null;
    stage.hidden = true;
    const chosen = file.files[0];
    if (!chosen) return;
    try {
      picture = await createImageBitmap(chosen, { imageOrientation: "from-image" });
    } catch {
      // Not a picture: the server says what is wrong with it.
      return;
    }
    const fit = Math.min(1, 480 / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * fit));
    canvas.height = Math.max(1, Math.round(picture.height * fit));
    stage.hidden = false;
    draw();
  };

  file.addEventListener("change", show);
  for (const name of ["size", "left", "top"]) slide(name).addEventListener("input", draw);

  const KEYS = { ArrowLeft: ["left", -2], ArrowRight: ["left", 2], ArrowUp: ["top", -2], ArrowDown: ["top", 2], "+": ["size", 2], "-": ["size", -2] };
  canvas.addEventListener("keydown", (event) => {
    const key = KEYS[event.key];
    if (!key) return;
    event.preventDefault();
    move(...key);
  });

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    const from = { x: event.clientX, y: event.clientY, left: value("left"), top: value("top") };
    const shown = canvas.getBoundingClientRect();
    const drag = (now) => {
      const { wide, high } = part();
      const roomX = ((canvas.width - wide) * shown.width) / canvas.width;
      const roomY = ((canvas.height - high) * shown.height) / canvas.height;
      if (roomX > 0) slide("left").value = String(from.left + ((now.clientX - from.x) / roomX) * 100);
      if (roomY > 0) slide("top").value = String(from.top + ((now.clientY - from.y) / roomY) * 100);
      draw();
    };
    const end = () => {
      canvas.removeEventListener("pointermove", drag);
      canvas.removeEventListener("pointerup", end);
      canvas.removeEventListener("pointercancel", end);
    };
    canvas.addEventListener("pointermove", drag);
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
  });
}
