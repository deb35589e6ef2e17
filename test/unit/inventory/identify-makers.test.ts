import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identify, loadVendors } from "../../../agent/inventory/index.ts";
import { FIELD_NAMES, type FieldName, type Fields } from "../../../agent/model/index.ts";

const vendors = await loadVendors(join(import.meta.dirname, "../../../agent/vendors"));
const of = (fields: Fields) => identify(fields, vendors);

describe("the model number stands in", () => {
  it.each<[FieldName, string, string, string]>([
    ["http.title", "Network Camera BB-SC384", "panasonic-bb", "BB-SC384"],
    ["http.title", "BL-C131 Network Camera", "panasonic-bb", "BL-C131"],
    ["http.title", "i-PRO WV-S2136L Network Camera", "panasonic-ipro", "WV-S2136L"],
    ["http.title", "SNC-RZ25N", "sony", "SNC-RZ25N"],
    ["http.title", "Sony Network Camera SNC-RZ25N", "sony", "SNC-RZ25N"],
    ["http.title", "Network Camera VB-C50i/VB-C50iR", "canon", "VB-C50i"],
    ["http.title", "Live View / - AXIS 206W Network Camera", "axis", "206W"],
    ["http.realm", "CS-W50HD", "planex", "CS-W50HD"],
    ["http.realm", "TV-IP410", "trendnet", "TV-IP410"],
    ["http.server", "JVC VN-V685 API Server", "jvc", "VN-V685"],
    ["onvif.hardware", "M3045-V", "axis", "M3045-V"],
    ["onvif.hardware", "SRG-X400", "sony", "SRG-X400"],
    ["onvif.model", "TS-WPTCAM2", "iodata", "TS-WPTCAM2"],
    ["onvif.model", "Tapo C210", "tplink-tapo", "C210"],
    ["onvif.name", "VIGI_C340", "tplink-vigi", "C340"],
    ["upnp.modelName", "Panasonic BB-SC382", "panasonic-bb", "BB-SC382"],
    ["upnp.modelName", "RLC-810A", "reolink", "RLC-810A"],
    ["telnet.banner", "Welcome to AutoDome 800 HD 1.2.3.4 from 5.6.7.8", "bosch", "AutoDome 800 HD"],
  ])("%s: %s", (field, value, vendor, model) => {
    expect(of({ [field]: [value] })).toMatchObject({ vendor, model });
  });

  it.each<[FieldName, string]>([
    ["upnp.friendlyName", "Photos of DS-2CD2142FWD-I"],
    ["hostname", "backup-of-rlc-810a"],
    ["http.title", "How we mounted our SNC-RZ25N"],
    ["http.title", "TS-NAS431 - QNAP"],
    ["http.title", "Review: AXIS M1065-L"],
  ])("but names nobody in %s: %s", (field, value) => {
    expect(of({ [field]: [value] })).toMatchObject({ vendor: null, kind: "unknown" });
  });
});

describe("a recorder is", () => {
  it.each<[FieldName, string, string]>([
    ["onvif.hardware", "DS-7608NI-K2/8P", "hikvision"],
    ["onvif.model", "DS-9632NI-I8", "hikvision"],
    ["rtsp.realm", "Embedded Net DVR", "hikvision"],
    ["onvif.hardware", "DH-XVR5108HS-X", "dahua"],
    ["onvif.model", "NVR608-32-4KS2", "dahua"],
    ["onvif.model", "DHI-NVR4108HS-4KS2", "dahua"],
    ["onvif.hardware", "NVR302-16S", "uniview"],
    ["onvif.name", "Reolink RLN8-410", "reolink"],
    ["upnp.modelName", "AXIS S3008", "axis"],
    ["onvif.name", "AXIS S3016", "axis"],
    ["onvif.model", "TD-3316B2", "tvt-cross-web"],
    ["onvif.hardware", "NVR1008H", "tplink-vigi"],
    ["onvif.hardware", "WJ-NX400K", "panasonic-ipro"],
    ["onvif.model", "XRN-820S", "hanwha"],
    ["http.title", "XVR LOGIN", "tbk-xvr"],
  ])("%s: %s", (field, value, vendor) => {
    expect(of({ [field]: [value] })).toMatchObject({ kind: "recorder", vendor });
  });

  it.each<[FieldName, string, string]>([
    ["onvif.model", "TD-9441E3-D", "tvt-cross-web"],
    ["onvif.name", "HIKVISION DS-2CD2042WD-I", "hikvision"],
  ])("not %s: %s", (field, value, vendor) => {
    expect(of({ [field]: [value] })).toMatchObject({ kind: "camera", vendor });
  });

  it("not what opens doors, of the same maker", () => {
    expect(of({ "onvif.name": ["HIKVISION DS-K1T671M"] })).toMatchObject({
      kind: "other",
      vendor: "hikvision",
    });
  });
});

/** What one maker's device shows and is surely known by. */
const strongSign = fc.constantFrom(
  ...[...vendors.files.values()].flatMap(({ id, fingerprints }) =>
    fingerprints
      .filter(({ certainty }) => certainty >= 0.6)
      .flatMap(({ field, examples }) => examples.map(({ value }) => ({ id, field, value }))),
  ),
);
const fieldsOf = (signs: readonly { field: FieldName; value: string }[]): Fields =>
  Object.fromEntries(
    FIELD_NAMES.flatMap((name) => {
      const values = signs.flatMap(({ field, value }) => (field === name ? [value] : []));
      return values.length > 0 ? [[name, values]] : [];
    }),
  );

describe("whatever else is shown", () => {
  it("the order of fields and values does not matter", () => {
    const shuffled = fc
      .uniqueArray(strongSign, { maxLength: 5, selector: ({ field }) => field })
      .chain((signs) =>
        fc.tuple(fc.constant(signs), fc.shuffledSubarray(signs, { minLength: signs.length })),
      );
    fc.assert(
      fc.property(shuffled, ([signs, other]) => {
        const written = Object.fromEntries(other.map(({ field, value }) => [field, [value]]));
        expect(of(written)).toEqual(of(fieldsOf(signs)));
      }),
    );
  });

  it("a field that says nothing changes neither the maker nor how sure it is", () => {
    const nothing = fc.record({
      field: fc.constantFrom(...FIELD_NAMES.filter((name) => name !== "mac")),
      value: fc.string({ maxLength: 40 }).map((text) => `zz ${text}`),
    });
    fc.assert(
      fc.property(strongSign, nothing, (sign, unrelated) => {
        fc.pre(sign.field !== unrelated.field && of(fieldsOf([unrelated])).vendor === null);
        const alone = of(fieldsOf([sign]));
        const both = of(fieldsOf([sign, unrelated]));
        expect([both.vendor, both.certainty, both.kind]).toEqual([alone.vendor, alone.certainty, alone.kind]);
      }),
    );
  });

  it("signs of two makers name one of them, less surely", () => {
    fc.assert(
      fc.property(strongSign, strongSign, (one, two) => {
        fc.pre(one.id !== two.id);
        const mixed = of(fieldsOf([one, two]));
        expect([one.id, two.id]).toContain(mixed.vendor);
        const alone = of(fieldsOf([mixed.vendor === one.id ? one : two]));
        expect(mixed.certainty).toBeLessThan(alone.certainty);
        expect(of(fieldsOf([two, one]))).toMatchObject({ vendor: mixed.vendor, certainty: mixed.certainty });
      }),
    );
  });
});
