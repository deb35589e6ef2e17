import fc from "fast-check";
import { expect, test } from "vitest";
import { type Evidence, type PictureFact, success, type VendorFile } from "../../../agent/model/index.ts";
import { GENERIC_PICTURE_PATHS } from "../../../agent/probes/generic-paths.ts";
import { judgePicture, pictureSettled } from "../../../agent/probes/picture-answer.ts";
import { picturesProbe } from "../../../agent/probes/pictures.ts";
import { asked, contextFor } from "../helpers/context.ts";
import {
  hastyLineTo,
  httpAnswer,
  httpServer,
  JPEG,
  lineTo,
  type Page,
  PNG,
  repeatForEver,
  type TestServer,
  tcpServer,
} from "../helpers/servers.ts";

const SOURCE = { source: "test", checked: "2026-11-21" };
const VENDOR: Partial<VendorFile> = { picturePaths: [{ path: "/maker.jpg", ...SOURCE }] };
const MJPEG = { "Content-Type": "multipart/x-mixed-replace;boundary=frame" };
const FRAME = Buffer.concat([
  Buffer.from(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${JPEG.length}\r\n\r\n`),
  JPEG,
  Buffer.from("\r\n"),
]);
const PICTURE: Page = { headers: { "Content-Type": "image/jpeg" }, body: JPEG };
const NOT_FOUND: Page = { status: 404 };

function webDoors(...servers: readonly TestServer[]): Evidence {
  const doors = servers.map(({ port }) => ({
    door: { protocol: "http" as const, port },
    status: 200,
    server: null,
    title: null,
    realm: null,
    schemes: [],
    certificate: null,
    answersEverything: false,
    asksPassword: false,
  }));
  return asked("web", { doors });
}

async function askPictures(evidence: Evidence, vendor: Partial<VendorFile> = VENDOR, line = lineTo()) {
  const answer = await picturesProbe.ask(contextFor({ evidence, vendor, line }));
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value.asked;
}

test("finds the maker's picture, asks a made-up path, and stops there", async () => {
  const paths: string[] = [];
  const server = await httpServer((path) => {
    paths.push(path);
    return path === "/maker.jpg" ? PICTURE : NOT_FOUND;
  });
  expect(await askPictures(webDoors(server))).toEqual([
    {
      door: { protocol: "http", port: server.port },
      path: "/maker.jpg",
      origin: "vendor",
      result: "open",
      status: 200,
      mediaType: "image/jpeg",
      signature: "jpeg",
      because: null,
    },
  ]);
  expect(paths).toEqual(["/maker.jpg", expect.stringMatching(/^\/[\w-]{36}\.jpg$/)]);
  await server.idle();
});

test("reads no more of a stream than its first signature", async () => {
  let sent = 0;
  const server = await tcpServer((socket) =>
    socket.once("data", (request) => {
      if (!request.includes("GET /maker.jpg ")) return socket.end(httpAnswer(NOT_FOUND));
      socket.write(httpAnswer({ headers: MJPEG }));
      socket.once("close", () => {
        sent = socket.bytesWritten;
      });
      return repeatForEver(socket, FRAME, 2);
    }),
  );
  expect(await askPictures(webDoors(server))).toMatchObject([
    { result: "open", signature: "multipart-jpeg" },
  ]);
  await server.idle();
  expect(sent).toBeLessThan(20_000);
});

test("goes on to the generic paths, each asked once", async () => {
  const last = GENERIC_PICTURE_PATHS.at(-1)!;
  const paths: string[] = [];
  const server = await httpServer((path) => {
    paths.push(path);
    return path === last ? { headers: { "Content-Type": "image/png" }, body: PNG } : { status: 401 };
  });
  const facts = await askPictures(webDoors(server), { picturePaths: [{ path: last, ...SOURCE }] });
  expect(facts).toMatchObject([{ path: last, origin: "vendor", result: "open", signature: "png" }]);
  paths.length = 0;
  const withoutMaker = await askPictures(webDoors(server), {});
  expect(withoutMaker.at(-1)).toMatchObject({ path: last, origin: "generic", result: "open" });
  expect(withoutMaker.slice(0, -1).every(({ result }) => result === "protected")).toBe(true);
  expect(paths.slice(0, -1)).toEqual(GENERIC_PICTURE_PATHS);
});

test("a picture on every path is no open camera", async () => {
  const server = await httpServer(() => PICTURE);
  expect(await askPictures(webDoors(server))).toMatchObject([
    { result: "unclear", because: "answers-everything", signature: "jpeg" },
  ]);
});

test("a live stream on every path is open: some programs do not look at the path", async () => {
  const server = await tcpServer((socket) => {
    socket.once("data", () => {
      socket.write(httpAnswer({ headers: MJPEG }));
      repeatForEver(socket, FRAME, 2);
    });
  });
  expect(await askPictures(webDoors(server))).toMatchObject([
    { result: "open", signature: "multipart-jpeg" },
  ]);
  const mixed = await httpServer((path) =>
    path === "/maker.jpg" ? { headers: MJPEG, body: FRAME } : PICTURE,
  );
  expect(await askPictures(webDoors(mixed))).toMatchObject([
    { result: "unclear", because: "answers-everything" },
  ]);
});

test("a page on every path is absent everywhere", async () => {
  const server = await httpServer(() => ({ headers: { "Content-Type": "text/html" }, body: "<p>hi" }));
  const facts = await askPictures(webDoors(server));
  expect(facts).toHaveLength(GENERIC_PICTURE_PATHS.length + 1);
  expect(facts.every(({ result }) => result === "absent")).toBe(true);
});

const to = (Location: string): Page => ({ status: 302, headers: { Location } });

test.each<[string, Page, Page, string, string | null]>([
  ["an error", { status: 500 }, NOT_FOUND, "unclear", "status-500"],
  ["the error that every path gets", { status: 501 }, { status: 501 }, "absent", null],
  ["a redirect", to("/else"), NOT_FOUND, "unclear", "redirects"],
  ["the redirect that every path gets", to("/index.htm"), to("/index.htm"), "absent", null],
  ["the login of every path", to("/login.asp?next=/maker.jpg"), to("/login.asp?next=/x"), "protected", null],
  ["a login of its own", to("/login.asp"), NOT_FOUND, "protected", null],
  ["somebody else's login", to("http://192.0.2.9/login"), NOT_FOUND, "unclear", "redirects"],
  ["a redirect to nowhere", { status: 302 }, NOT_FOUND, "unclear", "redirects"],
  ["the same path over TLS, as all", to("https://127.0.0.1/maker.jpg"), to("*"), "absent", null],
])("the maker's path brings %s", async (_name, page, others, result, because) => {
  const server = await httpServer((path) => {
    if (path === "/maker.jpg") return page;
    const location = others.headers?.Location;
    return location === "*" ? to(`https://127.0.0.1${path}`) : others;
  });
  const facts = await askPictures(webDoors(server));
  expect(facts[0]).toMatchObject({ origin: "vendor", result, because });
});

test("of paths that many makers share a redirect or error tells only what a made-up path does not", async () => {
  const login = await httpServer(() => to("/login.html"));
  expect(new Set((await askPictures(webDoors(login), {})).map(({ result }) => result))).toEqual(
    new Set(["protected"]),
  );
  const front = await httpServer((path) => (path === "/" ? to("/login.html") : NOT_FOUND));
  expect(new Set((await askPictures(webDoors(front), {})).map(({ result }) => result))).toEqual(
    new Set(["absent"]),
  );
  let madeUp = 0;
  const broken = await httpServer((path) => {
    if (/^\/[\w-]{36}\.jpg$/.test(path)) madeUp += 1;
    return { status: path === "/snapshot.cgi" ? 502 : 500 };
  });
  const facts = await askPictures(webDoors(broken), {});
  expect(facts.filter(({ result }) => result === "unclear")).toMatchObject([{ path: "/snapshot.cgi" }]);
  expect(madeUp).toBe(1);
});

test("without the control's answer an open view stays a doubt", async () => {
  const server = await tcpServer((socket) =>
    socket.once("data", (request) => {
      if (request.includes("GET /maker.jpg ")) socket.end(httpAnswer(PICTURE));
      else socket.end();
    }),
  );
  expect(await askPictures(webDoors(server))).toMatchObject([
    { result: "unclear", because: "closed", signature: "jpeg" },
  ]);
});

test("ONVIF's own picture comes first, also on a door of its own", async () => {
  const server = await httpServer((path) => (path === "/own?x=1" ? PICTURE : NOT_FOUND));
  const anonymous = {
    GetDeviceInformation: "answered",
    GetProfiles: "answered",
    GetSnapshotUri: "answered",
    GetStreamUri: "answered",
  } as const;
  const onvif = asked("onvif", [
    {
      door: { protocol: "onvif", port: 1 },
      path: "/onvif/device_service",
      clockOffset: 0,
      services: [],
      mediaPath: null,
      anonymous,
      authentication: null,
      information: null,
      snapshot: { port: server.port, path: "/own?x=1", tls: false },
      stream: null,
      foreignHosts: [],
    },
  ]);
  const facts = await askPictures({ ...webDoors(), ...onvif });
  expect(facts).toMatchObject([{ origin: "onvif", path: "/own?x=1", result: "open" }]);
  expect(await askPictures({ ...webDoors(server), ...onvif })).toHaveLength(1);
});

test("a door that falls silent is left alone, and the doubt is told", async () => {
  const server = await tcpServer((socket) => socket.destroy());
  const facts = await askPictures(webDoors(server));
  expect(facts).toHaveLength(2);
  expect(facts).toMatchObject([{ result: "unclear", status: null }, { result: "unclear" }]);
  expect(server.connections()).toBe(2);
});

test("a picture that does not come in time is a doubt, and the door is left alone", async () => {
  const server = await tcpServer((socket) => {
    socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\n\r\n\xff"));
  });
  const facts = await askPictures(webDoors(server), VENDOR, await hastyLineTo());
  const doubt = { status: 200, result: "unclear", because: "timeout" };
  expect(facts).toMatchObject([doubt, doubt]);
  await server.idle();
});

test("a web server that brought no answer is a doubt, not an absence", async () => {
  const evidence = asked("web", { doors: [], unanswered: [{ port: 80, reason: "timeout" }] });
  expect(await askPictures(evidence)).toMatchObject([
    { door: { protocol: "http", port: 80 }, result: "unclear", because: "timeout" },
  ]);
});

test("a web question that failed fails this one", async () => {
  const evidence: Evidence = { web: { asked: true, at: "", answer: { ok: false, reason: "timeout" } } };
  expect(await picturesProbe.ask(contextFor({ evidence }))).toEqual({ ok: false, reason: "timeout" });
});

function judge(page: Page, late = false): Pick<PictureFact, "result" | "because" | "signature"> {
  const headers = Object.fromEntries(
    Object.entries(page.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const body = Buffer.from(page.body ?? "");
  const answer = success({
    status: page.status ?? 200,
    headers,
    challenges: [],
    body,
    truncated: false,
    certificate: null,
  });
  return judgePicture({ answer, late });
}

const typed = (type: string, body: Buffer | string = JPEG): Page => ({
  headers: { "Content-Type": type },
  body,
});

test.each<[string, Page, string]>([
  ["a JPEG", typed("image/jpeg"), "open"],
  ["a JPEG with a charset", typed("Image/JPEG; charset=x"), "open"],
  ["a PNG", typed("image/png", PNG), "open"],
  ["a stream", { headers: MJPEG, body: FRAME }, "open"],
  [
    "a stream after blank lines",
    { headers: MJPEG, body: Buffer.concat([Buffer.from("\r\n\r\n"), FRAME]) },
    "open",
  ],
  ["a stream of text", { headers: MJPEG, body: "--b\r\nContent-Type: text/plain\r\n\r\nhello" }, "unclear"],
  ["a stream cut in its header", { headers: MJPEG, body: "--b\r\nContent-Type: image/jp" }, "unclear"],
  ["a type without a picture", typed("image/jpeg", "hello"), "unclear"],
  ["a picture without its type", typed("text/plain"), "unclear"],
  ["a picture of the wrong type", typed("image/png", JPEG), "unclear"],
  ["a page", typed("text/html", "<html>"), "absent"],
  ["nothing", {}, "absent"],
  ["a login", { status: 401, ...typed("image/jpeg") }, "protected"],
  ["a prohibition", { status: 403 }, "protected"],
  ["a wrong path", { status: 404, ...typed("image/jpeg") }, "absent"],
  ["a redirect", { status: 302 }, "unclear"],
  ["no time", { status: 503 }, "unclear"],
  ["an error of its own", { status: 500, ...typed("image/jpeg") }, "unclear"],
  ["a part of a JPEG", { status: 206, ...typed("image/jpeg") }, "open"],
  ["a part of a page", { status: 206, ...typed("text/html", "<html>") }, "absent"],
])("%s", (_name, page, result) => {
  expect(judge(page).result).toBe(result);
});

test("what came of an answer before the time was over is open or a doubt, never an absence", () => {
  expect(judge(typed("image/jpeg"), true).result).toBe("open");
  expect(judge({}, true)).toMatchObject({ result: "unclear", because: "timeout" });
  expect(judge({ headers: MJPEG, body: "--frame" }, true)).toMatchObject({ because: "timeout" });
});

test("open needs status, type and signature together, whatever the bytes are", () => {
  const type = fc.constantFrom("image/jpeg", "image/png", "text/html", "multipart/x-mixed-replace", "");
  const body = fc.oneof(
    fc.constantFrom(JPEG, PNG, FRAME),
    fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), type, body, (status, mediaType, bytes) => {
      const { result, signature } = judge({ status, ...typed(mediaType, bytes) });
      if (result !== "open") return;
      expect([200, 206]).toContain(status);
      expect(signature === "none" || mediaType === "text/html" || mediaType === "").toBe(false);
      expect(bytes.includes(signature === "png" ? PNG.subarray(0, 4) : JPEG.subarray(0, 3))).toBe(true);
    }),
  );
});

test("what is settled early is judged as the whole would be", () => {
  const headers = { "content-type": MJPEG["Content-Type"] };
  const cut = [...FRAME.keys()].find((length) =>
    pictureSettled({ status: 200, headers }, FRAME.subarray(0, length)),
  );
  expect(cut).toBeDefined();
  expect(judge({ headers: MJPEG, body: FRAME.subarray(0, cut) }).result).toBe("open");
  expect(pictureSettled({ status: 404, headers: {} }, Buffer.alloc(0))).toBe(true);
  expect(pictureSettled({ status: 200, headers: {} }, Buffer.alloc(0))).toBe(false);
});
