/**
 * Servers whose answer is the same whatever is asked: seen on captive portals, web frameworks with a catch-all route
 * and camera gateways. A 200 or a JPEG from them proves no open view.
 */
import { startTrapCamera, type Trap, webOnly } from "./base.ts";

const PAGE =
  "<html><head><title>Network Camera</title></head><body>Live view <form><input type=password></form></body></html>";

export const okToAll: Trap = (place) =>
  startTrapCamera(webOnly({ path: "*", status: 200, headers: { Server: "Boa/0.94" }, body: PAGE }), place);

export const jpegToAll: Trap = (place) =>
  startTrapCamera(webOnly({ path: "*", status: 200, body: { builtin: "jpeg" } }), place);

/** Wants a login everywhere and takes none. */
export const everything401: Trap = (place) =>
  startTrapCamera(
    webOnly(
      { path: "*", status: 200, body: PAGE, login: true },
      { schemes: ["basic"], realm: "Network Camera" },
    ),
    place,
  );
