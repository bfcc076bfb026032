/** A locked vault in every region, which daily backups are copied between. */
import { BackupVaults } from "../../components/backup/backup-vaults.ts";
import type { KeyArns } from "../contracts.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

export function backupVaults({ config, names, providers }: GlobalContext, keyArns: KeyArns): void {
  const { backup, dataProtection } = config;
  if (!backup.enabled) {
    return;
  }
  new BackupVaults("backup", {
    vaultName: names.backupVault,
    regions: homeFirst(config),
    providers,
    kmsKeyArns: keyArns.backup,
    lock: backup.lock,
    minRetentionDays: backup.retentionDays,
    dataProtection,
  });
}
