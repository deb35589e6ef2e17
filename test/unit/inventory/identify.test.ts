import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  identify,
  identifyLine,
  inventory,
  loadVendors,
  reidentify,
} from "../../../agent/inventory/index.ts";
import { DEVICE_KINDS, FIELD_NAMES, type Fields } from "../../../agent/model/index.ts";
import { endpoint, mac, seen } from "./sightings.ts";

const vendors = await loadVendors(join(import.meta.dirname, "../../../agent/vendors"));
const kindOf = (fields: Fields) => identify(fields, vendors).kind;

describe("no camera is", () => {
  it.each<[string, Fields]>([
    ["a NAS with a share of pictures", { "upnp.friendlyName": ["camera photos NAS"] }],
    ["a host that somebody called so", { hostname: ["ipcam"], "mdns.host": ["network-camera"] }],
    [
      "a host with two names of a maker",
      { hostname: ["reolink-cam"], "mdns.instance": ["AXIS M1065-L - ACCC8E000000"] },
    ],
    [
      "a television of a maker of cameras",
      { mac: ["00014A000001"], "upnp.deviceType": ["urn:schemas-upnp-org:device:MediaRenderer:1"] },
    ],
    ["a network card of a maker of cameras and other things", { mac: ["000085000001"] }],
    ["a web server that cameras have too", { "http.server": ["GoAhead-Webs"] }],
    ["two web servers that cameras have too", { "http.server": ["GoAhead-Webs", "Boa/0.94.14rc21"] }],
    [
      "a shared server on a chip that cameras have too",
      { "http.server": ["GoAhead-Webs"], mac: ["08EA40000001"] },
    ],
    ["a page called like a camera", { "http.title": ["Network Camera"] }],
    [
      "a router of a maker of cameras",
      { mac: ["50C7BF000001"], "http.realm": ["TP-LINK Wireless N Router WR841N"] },
    ],
    [
      "a printer",
      { "http.server": ["CANON HTTP Server"], mac: ["000085000001"], "mdns.service": ["_ipp._tcp"] },
    ],
    [
      "an access control unit",
      { "onvif.types": ["tds:Device"], "onvif.scope": ["onvif://www.onvif.org/Profile/A"] },
    ],
  ])("%s", (_what, fields) => {
    expect(["unknown", "other", "router"]).toContain(kindOf(fields));
  });
});

describe("kind", () => {
  it.each<[string, Fields, string]>([
    ["video transmitter", { "onvif.types": ["dn:NetworkVideoTransmitter tds:Device"] }, "camera"],
    ["video encoder scope", { "onvif.scope": ["onvif://www.onvif.org/type/video_encoder"] }, "camera"],
    [
      "underscored scope",
      { "onvif.scope": ["onvif://www.onvif.org/type/Network_Video_Transmitter"] },
      "camera",
    ],
    ["storage", { "onvif.types": ["dn:NetworkVideoStorage dn:NetworkVideoTransmitter"] }, "recorder"],
    ["rtsp service", { "mdns.service": ["_rtsp._tcp.local"] }, "camera"],
    ["HomeKit camera", { "mdns.txt": ["ci=17"] }, "camera"],
    ["HomeKit lamp", { "mdns.txt": ["ci=5"] }, "unknown"],
    [
      "gateway device",
      { "upnp.deviceType": ["urn:schemas-upnp-org:device:InternetGatewayDevice:2"] },
      "router",
    ],
    ["printer", { "mdns.service": ["_pdl-datastream._tcp"] }, "other"],
    ["television", { "mdns.service": ["_googlecast._tcp", "_airplay._tcp"] }, "other"],
    [
      "NAS that offers streams, until it was asked",
      { "mdns.service": ["_smb._tcp", "_rtsp._tcp"] },
      "unknown",
    ],
    ["prefix of a maker of cameras only", { mac: ["44:19:B6:00:00:01"] }, "camera"],
    ["nothing at all", {}, "unknown"],
  ])("of %s", (_what, fields, kind) => {
    expect(kindOf(fields)).toBe(kind);
  });

  it("of a recorder that announces itself like a camera is recorder", () => {
    const fields = {
      "onvif.types": ["dn:NetworkVideoTransmitter"],
      "onvif.name": ["HIKVISION DS-7608NI-K2"],
    };
    expect(identify(fields, vendors)).toMatchObject({ kind: "recorder", model: "DS-7608NI-K2" });
  });
});

describe("a camera that announces something else as well", () => {
  const transmitter: Fields = { "onvif.types": ["dn:NetworkVideoTransmitter"] };
  it.each<[string, Fields]>([
    ["a printer", { "mdns.service": ["_ipp._tcp", "_pdl-datastream._tcp"] }],
    ["a file server", { "mdns.service": ["_smb._tcp"] }],
    [
      "a media server",
      {
        "upnp.deviceType": ["urn:schemas-upnp-org:device:MediaServer:1"],
        "ssdp.st": ["urn:schemas-upnp-org:device:MediaServer:1"],
        "mdns.service": ["_airplay._tcp"],
      },
    ],
    [
      "a router",
      {
        "upnp.deviceType": ["urn:schemas-upnp-org:device:InternetGatewayDevice:1"],
        "ssdp.st": ["urn:schemas-upnp-org:device:InternetGatewayDevice:1"],
      },
    ],
  ])("such as %s is a camera all the same", (_what, announced) => {
    expect(kindOf({ ...transmitter, ...announced })).toBe("camera");
  });

  it.each<[string, Fields]>([
    ["streams and a printer", { "mdns.service": ["_rtsp._tcp", "_ipp._tcp"] }],
    [
      "a card of a maker of nothing but cameras",
      { mac: ["44:19:B6:00:00:01"], "mdns.service": ["_ipp._tcp"] },
    ],
  ])("is at least unknown, so that it is asked: %s", (_what, fields) => {
    expect(kindOf(fields)).toBe("unknown");
  });

  it("is a camera once it was asked and showed its stream", () => {
    expect(kindOf({ "mdns.service": ["_rtsp._tcp", "_ipp._tcp"], "rtsp.media": ["video H264"] })).toBe(
      "camera",
    );
  });
});

describe("maker", () => {
  it("is not named where makers tie on a weak sign", () => {
    expect(identify({ "http.realm": ["Network Camera"] }, vendors).vendor).toBeNull();
  });

  it("is named by a weak sign once it is a camera", () => {
    const fields = {
      "http.realm": ["Network Camera"],
      mac: ["3476C5000001"],
      "mdns.service": ["_rtsp._tcp"],
    };
    expect(identify(fields, vendors)).toMatchObject({ kind: "camera", vendor: "iodata" });
  });

  it("of the brand beats the shared platform", () => {
    const fields = { "http.server": ["GoAhead-Webs"], "onvif.name": ["AXIS M2036-LE"] };
    expect(identify(fields, vendors)).toMatchObject({ vendor: "axis", model: "M2036-LE" });
  });

  it("with more independent signs is surer", () => {
    const one = identify({ "http.realm": ["AXIS_ACCC8E000000"] }, vendors);
    const two = identify({ "http.realm": ["AXIS_ACCC8E000000"], mac: ["ACCC8E000000"] }, vendors);
    expect(two.certainty).toBeGreaterThan(one.certainty);
  });

  it("of a router or printer is not guessed from its network card", () => {
    const fields = {
      mac: ["50C7BF000001"],
      "ssdp.st": ["urn:schemas-upnp-org:device:InternetGatewayDevice:1"],
    };
    expect(identify(fields, vendors)).toMatchObject({ kind: "router", vendor: null });
  });

  it("unknown leaves the model that the device tells", () => {
    const fields = {
      "onvif.types": ["dn:NetworkVideoTransmitter"],
      "onvif.model": ["XYZ-1"],
      "onvif.firmware": ["7"],
    };
    expect(identify(fields, vendors)).toEqual({
      kind: "camera",
      vendor: null,
      model: "XYZ-1",
      firmware: "7",
      certainty: 0.9,
    });
  });
});

describe("identifyLine", () => {
  it("takes one field, several, aliases and any way to write a MAC", () => {
    const axis = { vendor: "axis", kind: "camera" };
    expect(identifyLine({ field: "http.title", value: "AXIS 2120 Network Camera" }, vendors)).toMatchObject(
      axis,
    );
    expect(identifyLine({ field: "title", value: ["AXIS 2120 Network Camera"] }, vendors)).toMatchObject(
      axis,
    );
    expect(identifyLine({ "mdns.service": "_axis-video._tcp.local." }, vendors)).toMatchObject(axis);
    for (const value of ["AC:CC:8E", "ac-cc-8e-00-00-01", "ACCC.8E00.0001", "accc8e"]) {
      expect(identifyLine({ field: "oui", value }, vendors)).toMatchObject(axis);
    }
    const both = { "http.server": "GoAhead-Webs", REALM: ["IPCamera Login"] };
    expect(identifyLine(both, vendors)).toMatchObject({ vendor: "goahead-oem", kind: "camera" });
  });

  it("says what to do about what it does not know", () => {
    for (const input of [{ field: "http.sever", value: "x" }, { __proto__x: "1" }, {}, null, [], 5, "x"]) {
      expect(identifyLine(input, vendors)).toHaveProperty("error");
    }
    expect(identifyLine({ field: "http.server", value: 5 }, vendors)).toEqual({
      error: "the value of http.server must be a text or a list of texts",
    });
    expect(identifyLine({ field: "nonsense", value: "x" }, vendors)).toHaveProperty(
      "error",
      expect.stringContaining("http.server"),
    );
  });

  it("never throws on JSON of any shape", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        expect(typeof identifyLine(input, vendors)).toBe("object");
      }),
    );
  });
});

describe("inventory", () => {
  it("merges, identifies and knows the gateway and itself", () => {
    const devices = inventory(
      [
        seen("192.0.2.1", [mac("00A0DE000001")]),
        seen("192.0.2.2", [mac("02AA00000002")]),
        seen("192.0.2.10", [mac("ACCC8E000001")]),
      ],
      { vendors, gateways: ["192.0.2.1"], selfAddresses: ["192.0.2.2"] },
    );
    expect(devices.map(({ kind, vendor, self }) => [kind, vendor, self])).toEqual([
      ["router", null, undefined],
      ["unknown", null, true],
      ["camera", "axis", undefined],
    ]);
  });

  it("learns from answers and does not forget the kind", () => {
    const [found] = inventory([seen("192.0.2.1", [endpoint("11111111-0000-4000-8000-000000000001")])], {
      vendors,
      gateways: ["192.0.2.1"],
    });
    expect(found?.kind).toBe("router");
    const again = reidentify(found!, { "http.title": ["Reolink"], "onvif.name": ["Reolink"] }, vendors);
    expect(again).toMatchObject({ vendor: "reolink", kind: "camera", id: found!.id });
    expect(again.fields["http.title"]).toEqual(["Reolink"]);
    expect(reidentify(found!, {}, vendors)).toBe(found);
    expect(reidentify(again, { "http.title": ["Reolink"] }, vendors)).toBe(again);
  });
});

const fields: fc.Arbitrary<Fields> = fc.dictionary(
  fc.constantFrom(...FIELD_NAMES),
  fc.array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.constantFrom(
        ...[...vendors.files.values()].flatMap(({ fingerprints }) =>
          fingerprints.flatMap(({ examples }) => examples.map(({ value }) => value)),
        ),
      ),
    ),
    { maxLength: 4 },
  ),
);

describe("whatever a device shows", () => {
  it("identify gives a well formed identity, the same each time and in any order", () => {
    fc.assert(
      fc.property(fields, (shown) => {
        const identity = identify(shown, vendors);
        expect(DEVICE_KINDS).toContain(identity.kind);
        expect(identity.certainty).toBeGreaterThanOrEqual(0);
        expect(identity.certainty).toBeLessThanOrEqual(1);
        for (const name of [identity.model, identity.firmware]) {
          expect(name === null || (name.length > 0 && name.length <= 80)).toBe(true);
          expect(name ?? "").not.toMatch(/[\p{Cc}\u202e\u200b]/u);
        }
        if (identity.vendor !== null) expect(vendors.files.has(identity.vendor)).toBe(true);
        expect(identify(Object.fromEntries(Object.entries(shown).reverse()), vendors)).toEqual(identity);
      }),
    );
  });

  it("long hostile values are cut before any pattern sees them", () => {
    const hostile = Object.fromEntries(
      FIELD_NAMES.map((name) => [name, Array(40).fill(`${"AXIS ".repeat(50_000)}!`)]),
    );
    expect(identify(hostile, vendors).model ?? "").not.toContain("!");
  });

  it("free text alone makes no camera", () => {
    const typed = fc.dictionary(
      fc.constantFrom("hostname", "mdns.host", "mdns.instance", "upnp.friendlyName"),
      fc.array(
        fc.constantFrom("ipcam", "reolink-1", "AXIS M1065-L - ACCC8E000000", "Network Camera", "TS-WRLP"),
      ),
    );
    fc.assert(
      fc.property(typed, (shown) => {
        expect(["camera", "recorder"]).not.toContain(identify(shown, vendors).kind);
      }),
    );
  });
});
