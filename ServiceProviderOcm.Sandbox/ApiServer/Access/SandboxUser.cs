namespace ServiceProviderOcm.Sandbox.ApiServer.Access;

/// <summary>A user with a bearer token.</summary>
/// <param name="Name">The name in RBAC subjects and client certificates.</param>
/// <param name="Token">The bearer token.</param>
/// <param name="Groups">The groups the user is in.</param>
internal sealed record SandboxUser(string Name, string Token, IReadOnlyList<string> Groups)
{
    /// <summary>The group with all permissions.</summary>
    public const string Masters = "system:masters";

    /// <summary>The group of all users.</summary>
    public const string Authenticated = "system:authenticated";
}
