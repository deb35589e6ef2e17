import { type TProperties, Type } from "typebox";
import { DEVICE_KINDS, FIELD_NAMES } from "../model/index.ts";

const MAX_PATTERN_LENGTH = 300;

function object<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

function oneOf<const T extends readonly string[]>(values: T) {
  return Type.Unsafe<T[number]>(Type.Enum([...values]));
}

const words = Type.String({ minLength: 1, maxLength: 400 });
const id = Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", maxLength: 40 });
const date = Type.String({ pattern: "^20[0-9]{2}-[01][0-9]-[0-3][0-9]$" });
const regularExpression = Type.String({ minLength: 1, maxLength: MAX_PATTERN_LENGTH });
const localized = object({ ja: words, en: words });
const kind = oneOf(DEVICE_KINDS);

/** Every claim names where it comes from and the day on which somebody last read it there. */
const source = {
  source: Type.String({ minLength: 4, maxLength: 400 }),
  checked: date,
};

const fingerprint = object({
  field: oneOf(FIELD_NAMES),
  pattern: regularExpression,
  kind: Type.Optional(kind),
  certainty: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
  examples: Type.Array(
    object({
      value: Type.String({ minLength: 1, maxLength: 256 }),
      model: Type.Optional(words),
      firmware: Type.Optional(words),
    }),
    { minItems: 1, maxItems: 20 },
  ),
  ...source,
});

const factoryLogin = object({
  user: Type.String({ maxLength: 64 }),
  password: Type.String({ maxLength: 64 }),
  applies: Type.Optional(words),
  doors: Type.Optional(Type.Array(oneOf(["http", "rtsp", "onvif"]), { minItems: 1, uniqueItems: true })),
  ...source,
});

const path = object({
  path: Type.String({ pattern: "^/[\\x21-\\x7e]*$", maxLength: 200 }),
  ...source,
});

const firmwareDate = object({
  pattern: regularExpression,
  format: oneOf(["YYMMDD", "YYYYMMDD", "YYYY-MM-DD", "Mon DD YYYY"]),
  example: Type.String({ minLength: 1, maxLength: 256 }),
  date,
  ...source,
});

const menu = object({ text: localized, ...source });

const advisory = object({
  id: Type.String({ pattern: "^[A-Z]+[A-Z0-9#-]+$", maxLength: 40 }),
  models: Type.Optional(words),
  fixedVersion: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  fixedDate: Type.Optional(date),
  knownExploited: Type.Boolean(),
  title: localized,
  ...source,
});

/** JSON Schema of `agent/vendors/<id>.json`; its type is `VendorFile` of the model. */
export const vendorSchema = Type.Object(
  {
    $schema: Type.Optional(Type.Literal("./vendor.schema.json")),
    id,
    name: localized,
    kind,
    oui: Type.Optional(
      object({
        prefixes: Type.Array(Type.String({ pattern: "^[0-9A-F]{6,9}$" }), { minItems: 1, uniqueItems: true }),
        camerasOnly: Type.Boolean(),
        ...source,
      }),
    ),
    fingerprints: Type.Array(fingerprint, { maxItems: 60 }),
    factoryLogins: Type.Array(factoryLogin, { maxItems: 8 }),
    loginPath: Type.Optional(path),
    picturePaths: Type.Array(path, { maxItems: 12 }),
    rtspPaths: Type.Array(path, { maxItems: 12 }),
    firmwareDate: Type.Optional(firmwareDate),
    lockout: Type.Optional(object({ text: localized, ...source })),
    menus: object({
      changePassword: Type.Optional(menu),
      requireLogin: Type.Optional(menu),
      disableUpnp: Type.Optional(menu),
      updateFirmware: Type.Optional(menu),
    }),
    advisories: Type.Array(advisory, { maxItems: 40 }),
  },
  {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "vendor.schema.json",
    title: "Komainu vendor file",
    additionalProperties: false,
  },
);
