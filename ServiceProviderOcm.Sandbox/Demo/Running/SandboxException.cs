namespace ServiceProviderOcm.Sandbox.Demo.Running;

/// <summary>The sandbox cannot go on; the message says why, in one line.</summary>
internal sealed class SandboxException(string message) : Exception(message);
