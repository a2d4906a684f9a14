namespace ServiceProviderOcm.Tests.Peers.Charts;

/// <summary>A chart as a registry returns it.</summary>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="MediaType">The media type of the chart's layer.</param>
/// <param name="Archive">The chart's package.</param>
public sealed record OciArtifact(string Digest, string MediaType, byte[] Archive);
