/** A cluster to test with. The builds are examples, of the form that EKS uses. */

export const ADD_ON_VERSIONS = {
  "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  "vpc-cni": "v1.20.4-eksbuild.2",
  "kube-proxy": "v1.35.0-eksbuild.2",
  coredns: "v1.12.4-eksbuild.1",
  "snapshot-controller": "v8.3.0-eksbuild.1",
  "aws-ebs-csi-driver": "v1.53.0-eksbuild.1",
  "aws-efs-csi-driver": "v2.1.14-eksbuild.1",
};
