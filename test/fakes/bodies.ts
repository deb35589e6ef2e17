/**
 * Bodies that a camera sends. The JPEG is one grey pixel, put together from its segments (ITU-T T.81, annex B); the
 * endless one is the `multipart/x-mixed-replace` stream that Axis's VAPIX and most MJPEG cameras send (server push).
 */
import type { Writable } from "node:stream";

function segment(marker: number, ...payload: readonly number[]): Buffer {
  const length = payload.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 0xff, ...payload]);
}

/** A Huffman table with one code of one bit, which stands for the value 0. */
const oneCode = [1, ...Array<number>(15).fill(0), 0];

export const ONE_PIXEL_JPEG = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
  segment(0xdb, 0, ...Array<number>(64).fill(1)),
  segment(0xc0, 8, 0, 1, 0, 1, 1, 1, 0x11, 0),
  segment(0xc4, 0x00, ...oneCode),
  segment(0xc4, 0x10, ...oneCode),
  segment(0xda, 1, 1, 0, 0, 63, 0),
  Buffer.from([0x3f, 0xff, 0xd9]),
]);

const FRAME_INTERVAL_MS = 100;

/** Writes frames until the reader has gone; waits when the reader is slow. */
export function sendMjpeg(out: Writable, boundary: string): void {
  const frame = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: ${ONE_PIXEL_JPEG.length}\r\n\r\n`,
    ),
    ONE_PIXEL_JPEG,
    Buffer.from("\r\n"),
  ]);
  repeat(out, () => frame, FRAME_INTERVAL_MS);
}

/** Writes `chunk()` every `intervalMs` (0 = as fast as the reader takes it) until the stream is closed. */
export function repeat(out: Writable, chunk: () => Buffer | string, intervalMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  const step = () => {
    if (out.destroyed || out.writableEnded) return;
    if (!out.write(chunk())) out.once("drain", next);
    else next();
  };
  const next = () => {
    timer = setTimeout(step, intervalMs);
  };
  out.once("close", () => clearTimeout(timer));
  step();
}
