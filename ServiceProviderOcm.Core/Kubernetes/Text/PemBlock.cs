namespace ServiceProviderOcm.Core.Kubernetes.Text;

/// <summary>One block of PEM text.</summary>
/// <param name="Label">Such as <c>CERTIFICATE</c>.</param>
/// <param name="Content">What it encodes; null if the block has no end of its own, or is not Base64.</param>
/// <param name="HasOwnLines">Whether its first and last line are lines of their own, as Go requires.</param>
internal sealed record PemBlock(string Label, byte[]? Content, bool HasOwnLines);
