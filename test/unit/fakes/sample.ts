import type { Fixture } from "../../../agent/model/index.ts";
import { type DeviceOptions, startDevice } from "../../fakes/device.ts";
import type { FakeDevice } from "../../fakes/fake.ts";
import type { Credentials } from "../../fakes/gate.ts";

export const FACTORY: Credentials = { user: "admin", password: "made-up-factory" };

/** A camera with every door, each behind the factory login. */
export const SAMPLE: Fixture = {
  schema: "komainu/fixture/1",
  provenance: "synthetic",
  source: "test",
  checked: "2026-11-21",
  mac: "02005E000001",
  announces: {
    wsDiscovery: {
      endpoint: "urn:uuid:5f5a69c2-e0ae-504f-829b-00fcf1c2a1b7",
      types: "dn:NetworkVideoTransmitter tds:Device",
      scopes: ["onvif://www.onvif.org/name/Sample", "onvif://www.onvif.org/Profile/Streaming"],
      xaddrs: ["http://{address}:8000/onvif/device_service"],
    },
    mdns: {
      host: "sample",
      services: [
        { type: "_http._tcp", instance: "Sample Camera", port: 80, txt: { path: "/" } },
        { type: "_rtsp._tcp", instance: "Sample Camera", port: 554, txt: {} },
      ],
    },
    ssdp: {
      server: "Linux/4.9 UPnP/1.1 Sample/1.0",
      uuid: "5f5a69c2-e0ae-504f-829b-00fcf1c2a1b8",
      deviceType: "urn:schemas-upnp-org:device:Basic:1",
      port: 80,
      path: "/rootDesc.xml",
      description: { friendlyName: "Sample <1>", manufacturer: "Nobody", modelName: "S-1" },
    },
  },
  http: [
    {
      port: 80,
      authentication: { schemes: ["basic", "digest-md5", "digest-sha-256"], realm: 'Sample "S-1"' },
      routes: [
        { path: "/", status: 200, headers: { Server: "Sample/1.0" }, body: "<title>Sample</title>" },
        { path: "/snap.jpg", status: 200, body: { builtin: "jpeg" }, login: true },
        { path: "/video.mjpg", status: 200, body: { builtin: "mjpeg" } },
      ],
    },
    {
      port: 443,
      tls: { subject: "CN=sample-camera, O=Nobody" },
      routes: [{ path: "*", status: 200, body: "secure" }],
    },
  ],
  rtsp: [
    {
      port: 554,
      server: "Sample RTSP/1.0",
      authentication: { schemes: ["basic", "digest-md5"], realm: "Sample RTSP" },
      paths: [{ path: "/live?channel=1", media: ["video H264", "audio PCMU"] }],
    },
  ],
  onvif: [
    {
      port: 8000,
      path: "/onvif/device_service",
      authentication: "usernametoken",
      clockOffset: 0,
      information: { manufacturer: "Nobody", model: "S-1", firmware: "V1.0 build 240131", serial: "S1-0001" },
      snapshotPath: "/snap.jpg",
      streamPath: "/live?channel=1",
    },
  ],
  telnet: { port: 23, banner: "sample login: " },
  logins: { http: 0, rtsp: 0, onvif: 0 },
  expected: { kind: "camera", vendor: null, model: "S-1", firmware: null, outcomes: [] },
};

/** On loopback, on free ports, announcing nothing. */
export function startSample(options: Partial<DeviceOptions> = {}): Promise<FakeDevice> {
  return startDevice({
    fixture: SAMPLE,
    factoryLogins: [FACTORY],
    address: "127.0.0.1",
    ports: "ephemeral",
    ...options,
  });
}
