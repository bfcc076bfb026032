import { gdpr, iso27001, pciDss, soc2 } from "../../core/controls.ts";
import type { Inspection } from "../../core/inspection.ts";
import { resourceRule } from "../../core/rule.ts";

interface Block {
  readonly type: () => string | undefined;
  readonly encrypted: () => boolean | string | undefined;
}

function gp3AndEncrypted(
  typeProperty: string,
  encryptedProperty: string,
  block: Block,
  inspection: Inspection,
): void {
  inspection.must({
    property: typeProperty,
    read: block.type,
    is: (type) => type === "gp3",
    allowed: '"gp3"',
    fix: "Set gp3: it costs less than gp2 and its speed does not depend on its size.",
  });
  inspection.must({
    property: encryptedProperty,
    read: block.encrypted,
    is: (encrypted) => encrypted === true || encrypted === "true",
    allowed: "true",
    fix: `Set ${encryptedProperty}: true; a volume cannot be encrypted later.`,
  });
}

export const ebsGp3Encrypted = resourceRule({
  id: "ebs-gp3-encrypted",
  title: "Block storage is gp3 and encrypted",
  why: "A snapshot of a plain volume is readable by whoever it is shared with, and older volume types cost more for less.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("CC6.1"), ...iso27001("A.8.24"), ...pciDss("3.5.1"), ...gdpr("Art. 32(1)(a)")],
  requirements: ["COST-07", "SEC-01"],
  remediation:
    "Set the volume type to gp3 and encrypted to true on every volume, launch template, instance and storage class.",
  url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
  config: {},
  checks: {
    "aws:ebs/volume:Volume": (volume, inspection) =>
      gp3AndEncrypted(
        "type",
        "encrypted",
        { type: () => volume.type, encrypted: () => volume.encrypted },
        inspection,
      ),
    "aws:ec2/launchTemplate:LaunchTemplate": (template, inspection) => {
      const mappings = template.blockDeviceMappings ?? [];
      // Without a mapping the image decides, and images bring gp2 or plain root volumes.
      if (mappings.length === 0)
        inspection.report({
          property: "blockDeviceMappings",
          allowed: "a mapping of the root volume with gp3 and encryption",
          fix: "Add one for the image's root device.",
        });
      mappings.forEach(({ ebs }, at) => {
        if (!ebs) return;
        const path = `blockDeviceMappings[${at}].ebs`;
        const block = { type: () => ebs.volumeType, encrypted: () => ebs.encrypted };
        gp3AndEncrypted(`${path}.volumeType`, `${path}.encrypted`, block, inspection);
      });
    },
    "aws:ec2/instance:Instance": (instance, inspection) => {
      const root = {
        type: () => instance.rootBlockDevice?.volumeType,
        encrypted: () => instance.rootBlockDevice?.encrypted,
      };
      gp3AndEncrypted("rootBlockDevice.volumeType", "rootBlockDevice.encrypted", root, inspection);
      (instance.ebsBlockDevices ?? []).forEach((device, at) => {
        const path = `ebsBlockDevices[${at}]`;
        const block = { type: () => device.volumeType, encrypted: () => device.encrypted };
        gp3AndEncrypted(`${path}.volumeType`, `${path}.encrypted`, block, inspection);
      });
    },
    "kubernetes:storage.k8s.io/v1:StorageClass": (storageClass, inspection) => {
      if (!ebsProvisioners.includes(storageClass.provisioner)) return;
      const block = {
        type: () => storageClass.parameters?.["type"],
        encrypted: () => storageClass.parameters?.["encrypted"],
      };
      gp3AndEncrypted("parameters.type", "parameters.encrypted", block, inspection);
    },
  },
});

/** The add-on's driver and the one of EKS Auto Mode. */
const ebsProvisioners = ["ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com"];
