namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>A migration cannot begin. The message says why and what to do.</summary>
public sealed class MigrationException(string message) : Exception(message);
