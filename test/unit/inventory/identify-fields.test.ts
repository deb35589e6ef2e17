import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchable } from "../../../agent/inventory/identify-fields.ts";
import { identifyLine, loadVendors } from "../../../agent/inventory/index.ts";

const vendors = await loadVendors(join(import.meta.dirname, "../../../agent/vendors"));
const line = (field: string, value: string | string[]) => identifyLine({ field, value }, vendors);
const ONVIF = "onvif://www.onvif.org";

describe("a scope", () => {
  it.each<[string, string | string[], object]>([
    [
      "of a name",
      `${ONVIF}/name/HIKVISION%20DS-2CD2142FWD-I`,
      { vendor: "hikvision", model: "DS-2CD2142FWD-I" },
    ],
    ["of hardware", `${ONVIF}/hardware/IPC-HDW4631C-A`, { vendor: "dahua", model: "IPC-HDW4631C-A" }],
    ["of a maker", `${ONVIF}/manufacturer/AXIS`, { vendor: "axis" }],
    ["in other letters", `ONVIF://www.ONVIF.org/Name/AXIS%20M2036-LE`, { vendor: "axis", model: "M2036-LE" }],
    ["decoded already", `${ONVIF}/name/AXIS M2036-LE`, { vendor: "axis", model: "M2036-LE" }],
    ["with a bare percent sign", `${ONVIF}/name/AXIS%20M2036-LE%`, { vendor: "axis" }],
    ["beside others", [`${ONVIF}/location/%E5%BA%97`, `${ONVIF}/name/Reolink`], { vendor: "reolink" }],
    [
      "in a whole list of scopes",
      ` ${ONVIF}/type/video_encoder ${ONVIF}/name/HIKVISION%20DS-7608NI-K2\n${ONVIF}/Profile/Streaming `,
      { vendor: "hikvision", model: "DS-7608NI-K2", kind: "recorder" },
    ],
  ])("%s names the maker", (_what, value, identity) => {
    expect(line("onvif.scope", value)).toMatchObject(identity);
  });

  it("of another place names nobody", () => {
    expect(line("onvif.scope", "https://example.com/name/AXIS")).toMatchObject({ vendor: null });
    expect(line("onvif.scope", `${ONVIF}/location/AXIS`)).toMatchObject({ vendor: null });
  });

  it("says once what a field of its own says too", () => {
    const fields = { "onvif.name": ["AXIS M2036-LE"], "onvif.scope": [`${ONVIF}/name/AXIS%20M2036-LE`] };
    expect(matchable(fields)["onvif.name"]).toEqual(["AXIS M2036-LE"]);
  });

  it("of any text and length stays few and short", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(" onvif://", "%", `${ONVIF}/name/`, " "),
    );
    const scopes = fc.array(
      fc.array(text, { maxLength: 40 }).map((parts) => parts.join("")),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(scopes, (values) => {
        for (const shown of Object.values(matchable({ "onvif.scope": values }))) {
          expect(shown.length).toBeLessThanOrEqual(16);
          for (const value of shown) expect(value.length).toBeLessThanOrEqual(256);
        }
      }),
    );
  });
});

describe("a realm", () => {
  it.each([
    ["hikvision", "hikvision"],
    ['Basic realm="hikvision"', "hikvision"],
    ['Digest qop="auth", realm="IP Camera(C2183)", nonce="0", stale="FALSE"', "hikvision"],
    ['Digest realm="AXIS_ACCC8E000000", nonce="0"', "axis"],
    ['Basic title="x"', null],
  ])("is read out of %s", (value, vendor) => {
    expect(line("www-authenticate", value)).toMatchObject({ vendor });
    expect(line("rtsp.realm", value)).not.toHaveProperty("error");
  });
});
