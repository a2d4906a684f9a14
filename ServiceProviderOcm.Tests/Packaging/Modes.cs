namespace ServiceProviderOcm.Tests.Packaging;

/// <summary>Modes of an executable file.</summary>
internal static class Modes
{
    /// <summary>0755.</summary>
    public const UnixFileMode Default = Private
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>0700.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
}
