const SIDE = 1600;
const LIMIT = 1.5 * 1024 * 1024;

/** Return a photo as a JPEG data URL small enough for a poor network. */
export async function shrink(file) {
    const image = await decode(file);
    const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    let data;
    for (const quality of [0.8, 0.6, 0.4]) {
        data = canvas.toDataURL("image/jpeg", quality);
        if (data.length < LIMIT) {
            break;
        }
    }
    return data;
}

async function decode(file) {
    if (window.createImageBitmap) {
        return createImageBitmap(file);
    }
    const image = new Image();
    image.src = URL.createObjectURL(file);
    await image.decode();
    return image;
}
