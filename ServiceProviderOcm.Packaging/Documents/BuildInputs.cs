namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>What determines the bytes of an image, beside the commit.</summary>
/// <param name="BaseDigest">The digest of the base image in the layout.</param>
/// <param name="BaseName">Its name and digest in the registry that it was copied from; null if it was made on this machine.</param>
/// <param name="LockFile">The content of the file that locks the packages.</param>
/// <param name="Sdk">The version of the .NET SDK.</param>
/// <param name="Tools">What the program was linked with, as <c>NAME=VERSION</c>: compiler, linker and C library.</param>
public sealed record BuildInputs(string BaseDigest, string? BaseName, byte[] LockFile, string Sdk, IReadOnlyList<string> Tools);
