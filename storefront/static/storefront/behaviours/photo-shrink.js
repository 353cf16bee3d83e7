// <input type="file" accept="image/*" data-shrink data-shown-in="id of an <img>">: smaller before it is sent.
const LONGEST_PX = 1280;
const MOST_BYTES = 250 * 1024;

async function shrunk(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of [0.85, 0.75, 0.65, 0.5, 0.35]) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && (blob.size <= MOST_BYTES || quality === 0.35)) return blob;
  }
  return null;
}

export function attach(input) {
  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    const ready = new DataTransfer();
    for (const file of chosen) {
      let blob = null;
      try {
        blob = await shrunk(file);
      } catch {
        blob = null; // a format this browser cannot open (HEIC): send it as it is, the server judges it
      }
      // Drawing it again also leaves the place where it was taken (EXIF) behind.
      ready.items.add(blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file);
    }
    input.files = ready.files;
    const shown = document.getElementById(input.dataset.shownIn);
    if (shown && ready.files[0]) {
      URL.revokeObjectURL(shown.src);
      shown.src = URL.createObjectURL(ready.files[0]);
      shown.hidden = false;
    }
  });
}
