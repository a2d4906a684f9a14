namespace ServiceProviderOcm.Sandbox.ApiServer.Access;

/// <summary>Somebody whom the server knows by a token.</summary>
/// <param name="Name">As RBAC subjects name the user.</param>
/// <param name="Token">The bearer token.</param>
/// <param name="Groups">The groups the user is in.</param>
internal sealed record SandboxUser(string Name, string Token, IReadOnlyList<string> Groups)
{
    /// <summary>May do everything.</summary>
    public const string Masters = "system:masters";

    /// <summary>Everybody whom the server knows is in this group.</summary>
    public const string Authenticated = "system:authenticated";
}
