import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { ebsGp3Encrypted } from "./ebs-gp3-encrypted.ts";

const type = (property: string, value: string) =>
  `${property} is ${value}; it must be "gp3". Set gp3: it costs less than gp2 and its speed does not depend on its size.`;
const plain = (property: string, value: string) =>
  `${property} is ${value}; it must be true. Set ${property}: true; a volume cannot be encrypted later.`;
const gp3 = { volumeType: "gp3", encrypted: true };
const mapping = (ebs: object) => [{ deviceName: "/dev/xvda", ebs }];

describe("ebs-gp3-encrypted", () => {
  cases(ebsGp3Encrypted, "aws:ebs/volume:Volume", { type: "gp3", encrypted: true }, [
    ["COST-07: refuses gp2", { type: "gp2" }, [type("type", '"gp2"')]],
    ["refuses a volume without a type, which is gp2", { type: undefined }, [type("type", "not set")]],
    ["refuses a plain volume", { encrypted: false }, [plain("encrypted", "false")]],
    ["refuses a volume that says nothing", { encrypted: undefined }, [plain("encrypted", "not set")]],
    [
      "reports encryption when the type is not known yet",
      { type: UNKNOWN, encrypted: false },
      [plain("encrypted", "false"), undecided("type")],
    ],
  ]);

  const path = "blockDeviceMappings[0].ebs";
  cases(ebsGp3Encrypted, "aws:ec2/launchTemplate:LaunchTemplate", { blockDeviceMappings: mapping(gp3) }, [
    [
      "refuses another type",
      { blockDeviceMappings: mapping({ ...gp3, volumeType: "io1" }) },
      [type(`${path}.volumeType`, '"io1"')],
    ],
    ["takes encryption written as text", { blockDeviceMappings: mapping({ ...gp3, encrypted: "true" }) }, []],
    [
      "refuses text that says false",
      { blockDeviceMappings: mapping({ ...gp3, encrypted: "false" }) },
      [plain(`${path}.encrypted`, '"false"')],
    ],
    [
      "refuses a template without a mapping",
      { blockDeviceMappings: undefined },
      [
        "blockDeviceMappings is not set; it must be a mapping of the root volume with gp3 and encryption. Add one for the image's root device.",
      ],
    ],
    [
      "leaves instance store alone",
      { blockDeviceMappings: [...mapping(gp3), { deviceName: "/dev/sdb", virtualName: "ephemeral0" }] },
      [],
    ],
  ]);

  cases(
    ebsGp3Encrypted,
    "aws:ec2/instance:Instance",
    { rootBlockDevice: gp3, ebsBlockDevices: [{ deviceName: "/dev/sdf", ...gp3 }] },
    [
      [
        "refuses a root volume of the image",
        { rootBlockDevice: undefined },
        [type("rootBlockDevice.volumeType", "not set"), plain("rootBlockDevice.encrypted", "not set")],
      ],
      [
        "names the further volume",
        { ebsBlockDevices: [{ ...gp3, encrypted: false }] },
        [plain("ebsBlockDevices[0].encrypted", "false")],
      ],
      ["takes an instance without further volumes", { ebsBlockDevices: undefined }, []],
    ],
  );

  cases(
    ebsGp3Encrypted,
    "kubernetes:storage.k8s.io/v1:StorageClass",
    { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3", encrypted: "true" } },
    [
      [
        "COST-07: refuses a class of gp2",
        { parameters: { type: "gp2", encrypted: "true" } },
        [type("parameters.type", '"gp2"')],
      ],
      [
        "refuses a class without parameters",
        { parameters: undefined },
        [type("parameters.type", "not set"), plain("parameters.encrypted", "not set")],
      ],
      ["leaves file storage alone", { provisioner: "efs.csi.aws.com", parameters: undefined }, []],
    ],
  );
});
