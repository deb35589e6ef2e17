import type { CastMember } from "./cast-member.ts";
import { device, mdns, page, web } from "./devices.ts";

const rtspAnnounced = (host: string, port: number) =>
  mdns(`${host}.local`, { type: "_rtsp._tcp.local", instance: host, port, txt: {} });

/** Shows its picture only after a login that nobody here knows. */
function closedCamera(name: string, host: number): CastMember {
  return {
    name,
    story: "asks for a login at every door; looks just like another one",
    address: `192.168.77.${host}`,
    mac: `02:00:5E:00:77:${host}`,
    ipv6: "short",
    fixture: device({
      announces: { mdns: rtspAnnounced(name, 554) },
      http: [web(80, page("Network Camera", "camd"))],
      rtsp: [
        {
          port: 554,
          server: "camd",
          paths: [{ path: "/live", media: ["video H264"] }],
          authentication: { schemes: ["digest-md5"], realm: "camd" },
        },
      ],
      logins: { http: "none", rtsp: "changed", onvif: "none" },
    }),
    truth: { kind: "camera", vendor: null, openViews: [], factoryLogins: [] },
  };
}

/** Everybody to whom a way in may lead: a camera that shows itself, two that do not and look alike, and no camera. */
export const WAYS_CAST: readonly CastMember[] = [
  {
    name: "open",
    story: "streams to everybody, over RTSP and HTTP; its IPv6 address ends as its MAC address says",
    address: "192.168.77.41",
    mac: "02:00:5E:00:77:41",
    fixture: device({
      announces: { mdns: rtspAnnounced("open", 554) },
      http: [
        web(
          8080,
          page("Camera", "httpd", { path: "/video", status: 200, body: { builtin: "mjpeg" }, login: true }),
        ),
      ],
      rtsp: [{ port: 554, server: "rtspd", paths: [{ path: "/live", media: ["video H264"] }] }],
    }),
    truth: { kind: "camera", vendor: null, openViews: ["http:8080", "rtsp:554"], factoryLogins: [] },
  },
  closedCamera("twin-a", 42),
  closedCamera("twin-b", 43),
  {
    name: "nas",
    story: "is no camera",
    address: "192.168.77.44",
    mac: "02:00:5E:00:77:44",
    fixture: device({ http: [web(5000, page("NAS", "nginx"))] }),
    truth: { kind: "other", vendor: null, openViews: [], factoryLogins: [] },
  },
];
