/**
 * A camera that says hostile things wherever a device may name itself: markup, links, terminal escapes, line ends,
 * text direction, length, templates, spreadsheet formulas. Its ONVIF is otherwise right, and tells its model to all.
 */
import type { Fixture } from "../../../agent/model/index.ts";
import { rawPort, startTrapCamera, TRAP_CAMERA, type Trap } from "./base.ts";

export const HOSTILE = {
  script: "<script>alert(1)</script>",
  image: '"><img src=x onerror=alert(1)>',
  link: "javascript:alert(1)",
  terminal: "\u001b[2J\u001b]0;owned\u0007",
  lines: "first\r\nSet-Cookie: owned=1\nlast",
  reversed: "\u202egnp.exe",
  template: "{{7*7}} #{7*7} <%= 7*7 %>",
  formula: '=HYPERLINK("http://203.0.113.5/","open")',
  long: "A".repeat(10_240),
} as const;

/** All but line ends, which would end the field that carries them. */
const INLINE = [HOSTILE.script, HOSTILE.image, HOSTILE.link, HOSTILE.template, HOSTILE.formula].join(" ");
const EVERYTHING = Object.values(HOSTILE).join(" ");
const LABEL_BYTES = 63;
const TXT_BYTES = 240;

export const XSS_FIXTURE: Fixture = {
  ...TRAP_CAMERA,
  announces: {
    wsDiscovery: {
      endpoint: `urn:uuid:${HOSTILE.script}${HOSTILE.reversed}`,
      types: "dn:NetworkVideoTransmitter tds:Device",
      scopes: [
        ...Object.values(HOSTILE).map((text) => `onvif://www.onvif.org/name/${encodeURIComponent(text)}`),
        `onvif://www.onvif.org/name/${HOSTILE.script}`,
        `onvif://www.onvif.org/hardware/${encodeURIComponent(INLINE)}`,
        HOSTILE.link,
      ],
      xaddrs: ["http://{address}:8000/onvif/device_service", HOSTILE.link],
    },
    mdns: {
      host: HOSTILE.script,
      services: Object.values(HOSTILE).map((text, index) => ({
        type: index % 2 === 0 ? "_http._tcp" : "_rtsp._tcp",
        instance: clip(text, LABEL_BYTES),
        port: index % 2 === 0 ? 80 : 554,
        txt: { name: clip(text, TXT_BYTES), [HOSTILE.script]: clip(INLINE, TXT_BYTES) },
      })),
    },
    ssdp: {
      server: `${INLINE} ${HOSTILE.terminal}`,
      uuid: `${HOSTILE.script}`,
      deviceType: "urn:schemas-upnp-org:device:Basic:1",
      port: 80,
      path: "/desc.xml",
      description: {
        friendlyName: EVERYTHING,
        manufacturer: HOSTILE.script + HOSTILE.terminal,
        modelName: HOSTILE.image,
        modelNumber: HOSTILE.formula,
        modelDescription: HOSTILE.long,
        serialNumber: HOSTILE.lines + HOSTILE.reversed,
        presentationURL: HOSTILE.link,
      },
    },
  },
  http: [
    {
      port: 80,
      authentication: { schemes: ["basic", "digest-md5"], realm: INLINE },
      routes: [
        {
          path: "/",
          status: 200,
          headers: { Server: INLINE },
          body: `<title>${EVERYTHING}</title>${INLINE}`,
        },
        { path: "/private", status: 200, body: "private", login: true },
      ],
    },
    {
      port: 443,
      tls: { subject: `CN=${HOSTILE.script}${HOSTILE.image}` },
      routes: [{ path: "/", status: 200, body: `<title>${HOSTILE.script}</title>` }],
    },
  ],
  rtsp: [
    {
      port: 554,
      server: `${INLINE} ${HOSTILE.terminal}`,
      authentication: { schemes: ["basic", "digest-md5"], realm: INLINE },
      paths: [{ path: "/live", media: ["video H264"] }],
    },
  ],
  onvif: [
    {
      ...TRAP_CAMERA.onvif[0]!,
      anonymousCalls: ["GetDeviceInformation"],
      information: {
        manufacturer: HOSTILE.script,
        model: HOSTILE.image + HOSTILE.long,
        firmware: HOSTILE.formula + HOSTILE.template,
        serial: HOSTILE.lines + HOSTILE.reversed,
      },
    },
  ],
  telnet: { port: 23, banner: `${EVERYTHING} login: ` },
};

/** What an honest server cannot even send: bare escapes and line ends within header fields. */
const RAW_FIELDS = [
  `Server: ${HOSTILE.terminal}${INLINE}`,
  `Server: ${HOSTILE.lines}`,
  `WWW-Authenticate: Basic realm="${EVERYTHING}"`,
  `X-${HOSTILE.script}: \0\x01\x7f`,
];

export const xss: Trap = async (place) => {
  const camera = await startTrapCamera(XSS_FIXTURE, place);
  const say = (start: string) =>
    Buffer.from(`${start}\r\n${RAW_FIELDS.join("\r\n")}\r\n\r\n<title>${EVERYTHING}`);
  await rawPort(camera, 8080, (socket) => {
    socket.once("data", () => socket.end(say(`HTTP/1.1 401 ${HOSTILE.script}`)));
  });
  await rawPort(camera, 8554, (socket) => {
    socket.once("data", () => socket.end(say(`RTSP/1.0 401 ${HOSTILE.script}\r\nCSeq: 1`)));
  });
  return camera;
};

/** The first bytes of a text, whole characters only. */
function clip(text: string, bytes: number): string {
  let clipped = "";
  for (const character of text) {
    if (Buffer.byteLength(clipped + character) > bytes) break;
    clipped += character;
  }
  return clipped;
}
