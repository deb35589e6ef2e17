import type { CastMember } from "./cast-member.ts";
import { device, mdns, page, web } from "./devices.ts";

/** Enough of a LAN to test the LAN itself: a camera, a NAS, a host that serves nothing. No maker's data is needed. */
export const SMALL_CAST: readonly CastMember[] = [
  {
    name: "camera",
    story: "streams to everybody, over RTSP and HTTP, and has opened a door to the Internet",
    address: "192.168.77.51",
    mac: "02:00:5E:00:77:51",
    real: ["avahi", "gstreamer"],
    fixture: device({
      announces: {
        mdns: mdns("camera.local", {
          type: "_rtsp._tcp.local",
          instance: "Camera",
          port: 554,
          txt: {},
        }),
      },
      http: [
        web(
          80,
          page("Camera", "httpd", { path: "/video", status: 200, body: { builtin: "mjpeg" }, login: true }),
        ),
      ],
      rtsp: [{ port: 554, server: "rtspd", paths: [{ path: "/live", media: ["video H264"] }] }],
    }),
    mappings: [{ protocol: "TCP", externalPort: 8081, internalPort: 80, description: "Camera <1> & co" }],
    truth: { kind: "camera", vendor: null, openViews: ["http:80", "rtsp:554"], factoryLogins: [] },
  },
  {
    name: "nas",
    story: "has a door to the Internet as well, and is no camera",
    address: "192.168.77.52",
    mac: "02:00:5E:00:77:52",
    fixture: device({ http: [web(5000, page("NAS", "nginx"))] }),
    mappings: [{ protocol: "TCP", externalPort: 5001, internalPort: 5000, description: "Camera backup" }],
    truth: { kind: "other", vendor: null, openViews: [], factoryLogins: [] },
  },
  {
    name: "silent",
    story: "drops whatever is sent to it",
    address: "192.168.77.53",
    mac: "02:00:5E:00:77:53",
    firewall: "drop",
    truth: { kind: "unknown", vendor: null, openViews: [], factoryLogins: [] },
  },
];
