namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>Who writes to an object. All parts count: one manager that applies and updates is two owners.</summary>
/// <param name="Manager">The field manager's name.</param>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
/// <param name="ApiVersion">The version in which the fields are named.</param>
/// <param name="Subresource">Such as <c>status</c>; empty for the object itself.</param>
internal sealed record FieldOwner(string Manager, string Operation, string ApiVersion, string Subresource)
{
    /// <summary>The operation of server-side apply.</summary>
    public const string Apply = "Apply";

    /// <summary>The operation of all other writes.</summary>
    public const string Update = "Update";

    /// <summary>As messages about conflicts name the owner.</summary>
    public string Shown
    {
        get
        {
            var name = Subresource.Length == 0 ? $"\"{Manager}\"" : $"\"{Manager}\" with subresource \"{Subresource}\"";
            return Operation == Update ? $"{name} using {ApiVersion}" : name;
        }
    }
}
