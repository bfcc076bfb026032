import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { PropertyMap } from "./property.ts";

type JavaScriptObject = ReturnType<structProto.Struct["toJavaScript"]>;

export function toStruct(map: PropertyMap): structProto.Struct {
  return structProto.Struct.fromJavaScript(map as JavaScriptObject);
}

export function fromStruct(struct: structProto.Struct | undefined): PropertyMap {
  return (struct?.toJavaScript() ?? {}) as PropertyMap;
}
