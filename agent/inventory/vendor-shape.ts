import { Ajv } from "ajv";
import type { VendorFile } from "../model/index.ts";
import vendorSchema from "../vendors/vendor.schema.json" with { type: "json" };

// The build puts what Ajv makes of SCHEMAS in this file's place (scripts/build.ts): the daemon does without the compiler.
export const ajv = new Ajv({ strict: true, meta: false, validateSchema: false });
export const SCHEMAS = { isVendorFile: vendorSchema };

export const isVendorFile = ajv.compile<VendorFile>(SCHEMAS.isVendorFile);
