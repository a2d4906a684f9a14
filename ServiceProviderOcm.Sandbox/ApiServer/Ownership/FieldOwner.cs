namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>The identity of an entry of <c>managedFields</c>: a manager that applies and updates is two owners.</summary>
/// <param name="Manager">The field manager's name.</param>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
/// <param name="ApiVersion">The version of the fields.</param>
/// <param name="Subresource">Such as <c>status</c>; empty for the object itself.</param>
internal sealed record FieldOwner(string Manager, string Operation, string ApiVersion, string Subresource)
{
    /// <summary>The operation of server-side apply.</summary>
    public const string Apply = "Apply";

    /// <summary>The operation of all other writes.</summary>
    public const string Update = "Update";

    /// <summary>The owner in messages about conflicts.</summary>
    public string Shown
    {
        get
        {
            var name = Subresource.Length == 0 ? $"\"{Manager}\"" : $"\"{Manager}\" with subresource \"{Subresource}\"";
            return Operation == Update ? $"{name} using {ApiVersion}" : name;
        }
    }
}
