package io.sluice.extensions.filestorage;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Stability;

/// Declares `file_storage`.
public final class FileStorageFactory implements ExtensionFactory<FileStorageConfig> {
  @Override
  public String type() {
    return "file_storage";
  }

  @Override
  public Stability stability() {
    return Stability.BETA;
  }

  @Override
  public FileStorageConfig defaults() {
    return FileStorageConfig.defaults();
  }

  @Override
  public Extension create(FileStorageConfig config, ComponentContext context) {
    return new FileStorage(config, context);
  }
}
