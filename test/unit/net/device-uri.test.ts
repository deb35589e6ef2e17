import fc from "fast-check";
import { expect, test } from "vitest";
import { deviceUri } from "../../../agent/net/device-uri.ts";
import { anyText } from "./any-text.ts";

const OWN = ["192.168.77.31", "fe80::1%eth0", "2001:db8::31"];

test.each([
  ["http://192.168.77.31/onvif/media", "http", 80, "/onvif/media"],
  ["http://192.168.77.31:8000/a?b=1&c=2#d", "http", 8000, "/a?b=1&c=2"],
  ["  https://192.168.77.31  ", "https", 443, "/"],
  ["rtsp://0.0.0.0:8554/live", "rtsp", 8554, "/live"],
  ["rtsp://:554/live", "rtsp", 554, "/live"],
  ["rtsp:///live", "rtsp", 554, "/live"],
  ["http://[fe80::1%25eth0]:81/x", "http", 81, "/x"],
  ["http://[FE80:0::1]/x", "http", 80, "/x"],
  ["http://[2001:db8:0:0::31]/x", "http", 80, "/x"],
  ["http://[::]/x", "http", 80, "/x"],
  ["rtsp://user:secret@192.168.77.31/live", "rtsp", 554, "/live"],
  ["http://192.168.77.31/a b\r\nX: 1", "http", 80, "/a%20b%0D%0AX:%201"],
  ["http://192.168.77.31?x", "http", 80, "/?x"],
])("%s is the device's own", (uri, scheme, port, path) => {
  expect(deviceUri(uri, OWN)).toEqual({ kind: "own", scheme, port, path });
});

test.each([
  ["http://192.0.2.1/x", "192.0.2.1"],
  ["http://camera.local/x", "camera.local"],
  ["http://localhost/x", "localhost"],
  ["http://127.0.0.1/x", "127.0.0.1"],
  ["http://192.168.77.31@192.0.2.1/x", "192.0.2.1"],
  ["http://192.168.77.31.example/x", "192.168.77.31.example"],
  ["http://0xc0a84d1f/x", "0xc0a84d1f"],
  ["http://192.0.2.1<script>/x", "192.0.2.1?script?"],
  ["http://[::ffff:192.0.2.1]/x", "::ffff:192.0.2.1"],
])("%s leads to somebody else", (uri, host) => {
  expect(deviceUri(uri, OWN)).toEqual({ kind: "foreign", host });
});

test.each([
  "",
  "/onvif",
  "javascript:alert(1)",
  "http://192.168.77.31:0/",
  "http://192.168.77.31:99999/",
  "ftp://192.168.77.31/",
  `http://192.168.77.31/${"x".repeat(2000)}`,
])("%s is nothing to follow", (uri) => {
  expect(deviceUri(uri, OWN)).toBeNull();
});

test.each([
  "rtsp://192.168.77.31:554/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp",
  "http://192.168.77.31/snapshot.cgi?user=admin&pwd=x",
  "http://192.168.77.31/cgi?loginuse=a&loginpas=b",
  "http://192.168.77.31/snap?usr=a&PassPhrase=x",
  "http://192.168.77.31/snap?%70assword%3Dx",
])("%s carries a password and is dropped", (uri) => {
  expect(deviceUri(uri, OWN)).toBeNull();
});

test("property: what is kept can stand in a request line and leads nowhere else", () => {
  const host = fc.oneof(
    fc.constantFrom(...OWN, "0.0.0.0", "192.0.2.1", ""),
    fc.string(),
    fc.ipV4(),
    fc.ipV6(),
  );
  fc.assert(
    fc.property(fc.constantFrom("http", "rtsp"), host, anyText, (scheme, name, rest) => {
      const uri = deviceUri(`${scheme}://${name}/${rest}`, []);
      if (uri?.kind === "own") expect(uri.path).toMatch(/^\/[\x21-\x7e]*$/);
      if (uri?.kind === "foreign") expect(uri.host).toMatch(/^[\w.:%?-]{1,64}$/);
    }),
  );
});
