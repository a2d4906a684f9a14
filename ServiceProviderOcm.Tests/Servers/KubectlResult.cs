namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Exit code and output of kubectl.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record KubectlResult(int Code, string Output, string Errors);
