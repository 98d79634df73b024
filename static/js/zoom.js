// Zooms, drags and turns a sheet inside its stage, with wheel, fingers and pen; what the sheet shows is not its business.

const LARGEST = 12;
const STEP = 1.4; // of a button or a key
const SWIPE = 60; // pixels; a shorter stroke is a trembling finger

export class Zoom {
  /** swiped: called with +1 or -1 when the unzoomed sheet is stroked sideways. changed: called after every change. */
  constructor(stage, sheet, { swiped, changed }) {
    Object.assign(this, { stage, sheet, swiped, changed, pointers: new Map(), natural: null });
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => this.#up(event));
    stage.addEventListener("dblclick", (event) => (this.scale > 1 ? this.reset() : this.by(STEP ** 3, ...this.#fromCentre(event))));
    new ResizeObserver(() => this.#draw()).observe(stage);
    this.#clear();
  }

  /** Fit a picture of this size into the stage; nothing: the sheet fills it. */
  fit(natural) {
    this.natural = natural;
    this.#clear();
    this.#draw();
  }

  reset() {
    this.#clear();
    this.#draw();
  }

  larger() {
    this.by(STEP);
  }

  smaller() {
    this.by(1 / STEP);
  }

  /** Change the scale and keep the point (x, y), in pixels from the stage's centre, where it is. */
  by(factor, x = 0, y = 0) {
    const scale = Math.min(LARGEST, Math.max(1, this.scale * factor));
    const real = scale / this.scale;
    this.x = scale === 1 ? 0 : x - (x - this.x) * real;
    this.y = scale === 1 ? 0 : y - (y - this.y) * real;
    this.scale = scale;
    this.#draw();
  }

  pan(x, y) {
    if (this.scale === 1) return;
    this.x += x;
    this.y += y;
    this.#draw();
  }

  turn() {
    this.quarters = (this.quarters + 1) % 4;
    this.x = this.y = 0;
    this.#draw();
  }

  /** How many screen pixels the picture is wide. */
  get width() {
    return this.sheet.offsetWidth * this.scale * devicePixelRatio;
  }

  #clear() {
    Object.assign(this, { scale: 1, x: 0, y: 0, quarters: 0 });
  }

  #draw() {
    const { clientWidth, clientHeight } = this.stage;
    if (this.natural) {
      const [across, down] = this.quarters % 2 ? [clientHeight, clientWidth] : [clientWidth, clientHeight];
      const share = Math.min(across / this.natural.width, down / this.natural.height);
      this.sheet.style.width = `${this.natural.width * share}px`;
      this.sheet.style.height = `${this.natural.height * share}px`;
    } else {
      this.sheet.style.width = this.sheet.style.height = "100%";
    }
    const [mostX, mostY] = [(clientWidth * this.scale) / 2, (clientHeight * this.scale) / 2];
    this.x = Math.min(mostX, Math.max(-mostX, this.x));
    this.y = Math.min(mostY, Math.max(-mostY, this.y));
    this.sheet.style.transform = `translate(${this.x}px, ${this.y}px) rotate(${this.quarters * 90}deg) scale(${this.scale})`;
    this.changed();
  }

  #fromCentre({ clientX, clientY }) {
    const box = this.stage.getBoundingClientRect();
    return [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
  }

  #wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    this.by(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), ...this.#fromCentre(event));
  }

  #down(event) {
    if (event.button !== 0) return;
    this.stage.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, event);
    this.stroke = this.pointers.size === 1 ? event.clientX : null;
  }

  #move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const other = [...this.pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
    this.pointers.set(event.pointerId, event);
    if (!other) {
      this.pan(event.clientX - before.clientX, event.clientY - before.clientY);
      return;
    }
    const apart = (pointer) => Math.hypot(pointer.clientX - other.clientX, pointer.clientY - other.clientY);
    const middle = { clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 };
    this.pan((event.clientX - before.clientX) / 2, (event.clientY - before.clientY) / 2);
    this.by(apart(event) / Math.max(1, apart(before)), ...this.#fromCentre(middle));
  }

  #up(event) {
    if (!this.pointers.delete(event.pointerId) || this.stroke === null) return;
    const way = event.clientX - this.stroke;
    if (event.type === "pointerup" && this.scale === 1 && Math.abs(way) > SWIPE) this.swiped(way < 0 ? 1 : -1);
    this.stroke = null;
  }
}
