namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>A Debian package in a base image.</summary>
public sealed record DebianPackage(string Name, string Version, string Architecture);
