namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>The process under test was killed.</summary>
public sealed class KilledException() : Exception("killed by the test");
