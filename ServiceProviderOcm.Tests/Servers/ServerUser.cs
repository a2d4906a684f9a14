namespace ServiceProviderOcm.Tests.Servers;

/// <summary>A user of an API server, who authenticates by a token.</summary>
/// <param name="Name">As RBAC subjects name the user.</param>
/// <param name="Groups">The groups the user is in.</param>
public sealed record ServerUser(string Name, params string[] Groups)
{
    /// <summary>May do everything.</summary>
    public const string AdminName = "admin";

    /// <summary>The bearer token.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("N");

    /// <summary>A user who may do everything.</summary>
    public static ServerUser Admin() => new(AdminName, "system:masters");
}
